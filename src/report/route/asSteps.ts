import { html, type Markup, nothing } from '../html.ts';
import type { AsStep } from './routeDiff.ts';

const classes = { '=': nothing, '+': html` added`, '-': html` removed` } as const;

/** Two AS paths as one line: what was added and removed. Empty for no AS. */
export function asStepsMarkup(steps: readonly AsStep[]): Markup {
  if (steps.length === 0) return nothing;
  return html`<p class="as-steps">${steps.map(stepMarkup)}</p>\n`;
}

function stepMarkup({ mark, asn }: AsStep, index: number): Markup {
  const arrow = index === 0 ? nothing : html`<span class="arrow">→</span> `;
  return html`${arrow}<span class="as-step${classes[mark]}">${mark === '=' ? '' : `${mark} `}AS${asn}</span> `;
}
