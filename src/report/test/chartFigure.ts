import type { RouteVariant, TestAnalysis } from '../../model/analysis.ts';
import { formatHundredths, formatShare } from '../../model/format.ts';
import { html, type Markup, nothing } from '../html.ts';
import { variantColors } from '../route/variantRank.ts';
import { type TestChart, testChart } from '../svg/testChart.ts';
import { testChartDrawing } from '../svg/testChartDrawing.ts';
import type { TestView } from './testView.ts';

/** The chart of a test with its legend. `variants`: those of the window. null without a trace. */
export function chartFigure(
  { analysis, ranks }: TestView,
  variants: readonly RouteVariant[],
): Markup | null {
  const chart = testChart(analysis, ranks);
  if (chart === null) return null;
  const { from, to } = chart;
  return html`<figure class="chart" data-chart data-from="${from}" data-to="${to}" data-points="${chartPoints(analysis, from)}">
${testChartDrawing(chart)}<figcaption>
<span class="readout" data-readout hidden></span>
<ul class="chart-legend">
${chartLegend(chart, variants.slice(0, variantColors), ranks)}</ul>
</figcaption>
</figure>`;
}

/**
 * The series for the script of the chart: one entry per trace, separated by `;`. Fields: seconds
 * since the start of the axis, variant, RTT in ms (empty: none), hops, MTU (empty: unknown), and
 * `!` if the destination was not reached.
 */
function chartPoints({ series }: TestAnalysis, from: number): string {
  return series
    .map(
      ({ at, variant, rttMs, hops, pathMtu, reached }) =>
        `${at - from},${variant},${rttMs === null ? '' : formatHundredths(rttMs)},${hops},${pathMtu ?? ''}${reached ? '' : ',!'}`,
    )
    .join(';');
}

/** The legend of the chart as list items. */
function chartLegend(
  { rtt, failed }: TestChart,
  variants: readonly RouteVariant[],
  ranks: TestView['ranks'],
): Markup {
  return html`${variants.map((variant) => variantLegendItem(variant, ranks))}
${rtt.median === '' ? nothing : spreadLegendItem}
${rtt.missed === '' ? nothing : missedLegendItem}${rtt.aboveCount === 0 ? nothing : aboveLegendItem(rtt.aboveCount)}${failed === '' ? nothing : failedLegendItem}
`;
}

function variantLegendItem({ letter, share }: RouteVariant, ranks: TestView['ranks']): Markup {
  return html`<li><svg width="18" height="12" aria-hidden="true"><path class="band v${ranks.get(letter) ?? 0}" d="M0 6H18"/></svg>route ${letter}, ${formatShare(share)}</li>`;
}

const spreadLegendItem = html`<li><svg width="18" height="12" aria-hidden="true"><path class="range" d="M0 1H18V11H0z"/><path class="half" d="M0 3H18V9H0z"/><path class="median" d="M0 6H18"/></svg>median, middle half and 80%</li>`;
const missedLegendItem = html`<li><svg width="18" height="12" aria-hidden="true"><path class="missed" d="M5 0H13V12H5z"/></svg>not reached</li>`;
const failedLegendItem = html`<li><svg width="18" height="12" aria-hidden="true"><path class="failed-run" d="M9 2V10"/></svg>failed run</li>`;

function aboveLegendItem(count: number): Markup {
  return html`<li><svg width="18" height="12" aria-hidden="true"><path class="above" d="M9 10V3"/></svg>${count} above the scale</li>`;
}
