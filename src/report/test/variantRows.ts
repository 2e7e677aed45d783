import {
  asPathText,
  formatMs,
  formatShare,
  type TimeText,
  timeCell,
  unknownText,
} from '../../model/values/format.ts';
import { html, type Markup, nothing } from '../html.ts';
import type { VariantFigures } from './latestValues.ts';

/** Rows of the table of routes. `current`: the letter of the route in use. */
export function variantRows(
  variants: readonly VariantFigures[],
  ranks: ReadonlyMap<string, number>,
  current: string | undefined,
  pictureOf: (letter: string) => Markup,
): Markup {
  return html`${variants.map((variant) => {
    const { letter } = variant;
    const rank = ranks.get(letter) ?? 0;
    return variantRow(variant, rank, letter === current, pictureOf(letter));
  })}`;
}

function variantRow(
  variant: VariantFigures,
  rank: number,
  isCurrent: boolean,
  picture: Markup,
): Markup {
  const { letter, reached, share, traces, firstSeen, lastSeen } = variant;
  const inUse = isCurrent ? html` <span class="tag">in use</span>` : nothing;
  const missed = reached ? nothing : html` <span class="tag bad">not reached</span>`;
  return html`<tr><th scope="row"><span class="letter v${rank}">${letter}</span>${inUse}${missed}</th><td class="num">${formatShare(share)}</td><td class="num">${traces}</td>${timeColumn(timeCell(firstSeen))}${timeColumn(timeCell(lastSeen))}<td class="num">${formatMs(variant.medianRttMs)}</td><td class="num">${variant.hops}</td><td class="num">${variant.pathMtu ?? unknownText}</td><td class="as-path">${asPathText(variant.asPath)}</td><td data-picture="${letter}">${picture}</td></tr>\n`;
}

function timeColumn({ iso, text }: TimeText): Markup {
  return html`<td class="nowrap"><time datetime="${iso}">${text}</time></td>`;
}

/** Links to the picture of a route. `href`: without extension; '' for none. */
export function pictureLinks(letter: string, href: string): Markup {
  if (href === '') return nothing;
  const ofRoute = html`<span class="visually-hidden"> of route ${letter}</span>`;
  return html`<a href="${href}.svg">drawing${ofRoute}</a>, <a href="${href}.txt">text${ofRoute}</a>`;
}
