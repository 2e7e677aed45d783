import type { SeriesPoint } from '../../model/site/analysis.ts';
import { formatShare } from '../../model/values/format.ts';
import { html, type Markup, nothing } from '../html.ts';
import { variantColors } from '../route/variantRank.ts';
import { type TestChart, testChart } from '../svg/testChart.ts';
import { testChartDrawing } from '../svg/testChartDrawing.ts';
import { chartPoints } from './chartPoints.ts';
import type { LatestValues, VariantFigures } from './latestValues.ts';

/** The chart of a test with its legend; null without a trace. `series`: points of the window. */
export function chartFigure(
  { test, failedAt, variants }: Pick<LatestValues, 'test' | 'failedAt' | 'variants'>,
  series: readonly SeriesPoint[],
  ranks: ReadonlyMap<string, number>,
): Markup | null {
  const failures = failedAt.map((at) => ({ at }));
  const chart = testChart({ series, failures, test }, ranks);
  if (chart === null) return null;
  const { from, to } = chart;
  return html`<figure class="chart" data-chart data-from="${from}" data-to="${to}" data-points="${chartPoints(series, from)}">
${testChartDrawing(chart)}<figcaption>
<span class="readout" data-readout hidden></span>
<ul class="chart-legend">
${chartLegend(chart, variants.slice(0, variantColors), ranks)}</ul>
</figcaption>
</figure>`;
}

/** The legend of the chart as list items. */
function chartLegend(
  { rtt, failed }: TestChart,
  variants: readonly VariantFigures[],
  ranks: ReadonlyMap<string, number>,
): Markup {
  return html`${variants.map((variant) => variantLegendItem(variant, ranks))}
${rtt.median === '' ? nothing : spreadLegendItem}
${rtt.missed === '' ? nothing : missedLegendItem}${rtt.aboveCount === 0 ? nothing : aboveLegendItem(rtt.aboveCount)}${failed === '' ? nothing : failedLegendItem}
`;
}

function variantLegendItem(
  { letter, share }: VariantFigures,
  ranks: ReadonlyMap<string, number>,
): Markup {
  return html`<li><svg width="18" height="12" aria-hidden="true"><path class="band v${ranks.get(letter) ?? 0}" d="M0 6H18"/></svg>route ${letter}, ${formatShare(share)}</li>`;
}

const spreadLegendItem = html`<li><svg width="18" height="12" aria-hidden="true"><path class="range" d="M0 1H18V11H0z"/><path class="half" d="M0 3H18V9H0z"/><path class="median" d="M0 6H18"/></svg>median, and the range of 50% and 80% of the traces</li>`;
const missedLegendItem = html`<li><svg width="18" height="12" aria-hidden="true"><path class="missed" d="M5 0H13V12H5z"/></svg>not reached</li>`;
const failedLegendItem = html`<li><svg width="18" height="12" aria-hidden="true"><path class="failed-run" d="M9 2V10"/></svg>failed run</li>`;

function aboveLegendItem(count: number): Markup {
  return html`<li><svg width="18" height="12" aria-hidden="true"><path class="above" d="M9 10V3"/></svg>${count} above the scale</li>`;
}
