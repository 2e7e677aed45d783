import { html, type Markup, nothing } from '../html.ts';
import { asStepsMarkup } from '../route/asSteps.ts';
import { sideBySide } from '../route/diffTable.ts';
import type { DiffView } from '../route/diffView.ts';
import type { CrossView } from './crossDiff.ts';

/** Two tests of a pair side by side, as the page shows them. */
export interface Cross extends CrossView {
  readonly title: string;
  readonly left: string;
  readonly right: string;
  readonly href: string;
}

/** The section of another test; `index` counts them. */
export function crossSection(cross: Cross, index: number): Markup {
  const id = `cross-${index + 1}`;
  const tag = cross.asChanged ? html` <span class="tag bad">AS paths differ</span>` : nothing;
  return html`<section class="diff" aria-labelledby="${id}">
<h2 id="${id}">${cross.title}${tag}</h2>
<p class="effects">${cross.rtt}</p>
${asStepsMarkup(cross.asSteps)}
<p>${cross.summary} <a href="${cross.href}">The other test</a></p>
${sideBySide(cross.title, [cross.left, cross.right], cross.lines)}</section>
`;
}

/** Two routes of the test, folded away until they are chosen. */
export function pairDetails(pair: DiffView): Markup {
  const { older, newer } = pair;
  const tag = pair.asChanged ? html` <span class="tag bad">AS path changed</span>` : nothing;
  const effects = pair.effects === '' ? nothing : html`<p class="effects">${pair.effects}</p>`;
  const titles = [`Route ${older}`, `Route ${newer}`] as const;
  return html`<details data-pair="${older} ${newer}"><summary>Route ${older} against route ${newer}${tag}</summary>
${effects}
${asStepsMarkup(pair.asSteps)}
<p>${pair.summary}.</p>
${sideBySide(`route ${older} against route ${newer}`, titles, pair.lines)}</details>
`;
}

/** A moment that can be chosen, epoch seconds. */
export interface Moment {
  readonly at: number;
  readonly text: string;
}

/** The two lists of moments to choose from. */
export function momentChoices(moments: readonly Moment[]): Markup {
  const options = html`${moments.map(({ at, text }) => html`<option value="${at}">${text}</option>\n`)}`;
  return html`${choice('Before', 'a', options)}${choice('After', 'b', options)}`;
}

function choice(label: string, side: string, options: Markup): Markup {
  return html`<label>${label} <select data-moment="${side}">
${options}</select></label>
`;
}
