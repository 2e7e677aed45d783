import type { RouteVariant } from '../../model/analysis.ts';
import { asPathText, ms, share, timeCell, unknownText } from '../format.ts';
import { html, type Markup, nothing } from '../html.ts';
import { routeLength } from '../route/currentRoute.ts';
import { timeMarkup } from '../timeMarkup.ts';
import { drawnHref, type TestView } from './testView.ts';

/** Rows of the table of route variants. */
export function variantRows(view: TestView, variants: readonly RouteVariant[]): Markup {
  const current = view.analysis.series.at(-1)?.variant;
  return html`${variants.map((variant) => variantRow(view, variant, variant.letter === current))}`;
}

function variantRow(
  { ranks, drawn }: TestView,
  { letter, pathMtu, ...variant }: RouteVariant,
  current: boolean,
): Markup {
  const inUse = current ? html` <span class="tag">in use</span>` : nothing;
  const missed = variant.reached ? nothing : html` <span class="tag bad">not reached</span>`;
  const mtu = pathMtu === null ? unknownText : pathMtu;
  return html`<tr><th scope="row"><span class="letter v${ranks.get(letter) ?? 0}">${letter}</span>${inUse}${missed}</th><td class="num">${share(variant.share)}</td><td class="num">${variant.traces}</td><td class="nowrap">${timeMarkup(timeCell(variant.firstSeen))}</td><td class="nowrap">${timeMarkup(timeCell(variant.lastSeen))}</td><td class="num">${ms(variant.medianRttMs)}</td><td class="num">${routeLength(variant.route)}</td><td class="num">${mtu}</td><td class="as-path">${asPathText(variant.asPath)}</td><td>${picture(drawnHref(drawn, letter), letter)}</td></tr>\n`;
}

function picture(href: string, letter: string): Markup {
  if (href === '') return nothing;
  return html`<a href="${href}.svg">drawing<span class="hushed"> of route ${letter}</span></a>, <a href="${href}.txt">text<span class="hushed"> of route ${letter}</span></a>`;
}
