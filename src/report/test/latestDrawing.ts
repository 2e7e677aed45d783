import type { SeriesPoint } from '../../model/site/analysis.ts';
import { timeText } from '../../model/values/format.ts';
import { html, type Markup, nothing } from '../html.ts';
import { routeHops } from '../route/currentRoute.ts';
import { variantColors } from '../route/variantRank.ts';
import { asBoxDrawing } from './asBoxDrawing.ts';
import { asBoxes } from './asBoxes.ts';
import { chartFigure } from './chartFigure.ts';
import { chartTableRows } from './chartTable.ts';
import { chartTableMarkup } from './chartTableMarkup.ts';
import { hopRows } from './hopRows.ts';
import { hopTable } from './hopTable.ts';
import type { LatestValues } from './latestValues.ts';
import { latestTraceText } from './traceText.ts';
import { variantRows } from './variantRows.ts';

/** The parts of the head of each page that a trace changes, by the value of `data-latest`. */
export interface HeadParts {
  readonly summary: Markup;
  readonly reason: Markup;
  readonly shown: Markup;
  readonly newest: Markup;
}

/** The parts of a test's own page that a trace changes. */
export interface PageParts {
  readonly chart: Markup;
  readonly rows: Markup;
  readonly hops: Markup;
  readonly boxes: Markup;
  readonly variants: Markup;
  readonly raw: Markup;
}

/** Draws the parts of the head. */
export function drawHeadParts({ summary, reason, shown, newestAt }: LatestValues): HeadParts {
  return {
    summary: summary === null ? nothing : summaryMarkup(summary),
    reason: html`${reason}`,
    shown: html`${shown}`,
    newest: newestAt === null ? html`none` : timeMarkup(newestAt),
  };
}

/**
 * Draws the parts of a test's page from a trace on, at build time and in browsers. `series`: the
 * points of the window. `pictureOf`: the links to the picture of a route.
 */
export function drawPageParts(
  values: LatestValues,
  series: readonly SeriesPoint[],
  pictureOf: (letter: string) => Markup,
): { readonly parts: PageParts; readonly hasOtherRoutes: boolean } {
  const { latest, pattern, losses, statistics, variants, test } = values;
  const responders = new Map(values.responders.map((each) => [each.address, each]));
  const hops = routeHops(latest, pattern);
  const byTtl = Map.groupBy(statistics, ({ ttl }) => ttl);
  const groups = hopTable({ responders }, hops, losses, byTtl);
  const ranks = new Map(
    variants.map(({ letter }, index) => [letter, Math.min(index, variantColors - 1)]),
  );
  const current = series.at(-1)?.variant;
  const parts: PageParts = {
    chart: chartFigure(values, series, ranks) ?? nothing,
    rows: chartTableMarkup(chartTableRows(series)),
    hops: latest === null ? nothing : hopTableMarkup(latest.startedAt, hopRows(groups)),
    boxes: asBoxDrawing(asBoxes({ responders }, hops, losses)),
    variants: variantRows(variants, ranks, current, pictureOf),
    raw: html`${latestTraceText({ latest, test, responders })}`,
  };
  const hasOtherRoutes = groups.some(({ rows }) => rows.some((row) => row.isOnOtherRoute));
  return { parts, hasOtherRoutes };
}

function timeMarkup(at: number): Markup {
  const { iso, text } = timeText(at);
  return html`<time datetime="${iso}">${text}</time>`;
}

function summaryMarkup({ lead, since, note, figures }: NonNullable<LatestValues['summary']>) {
  const time = since === null ? nothing : html` <time datetime="${since.iso}">${since.text}</time>`;
  return html`${lead}${time}${note}: ${figures}.`;
}

function hopTableMarkup(at: number, rows: Markup): Markup {
  return html`<caption>Route of the latest trace, ${timeMarkup(at)}; times in ms over the window. Threshold: upper quartile + 1.5 × interquartile range.</caption>
<thead><tr><th scope="col" class="num">#</th><th scope="col">Host</th><th scope="col">IP</th><th scope="col">AS</th><th scope="col" class="num">Loss%</th><th scope="col" class="num">Snt</th><th scope="col" class="num">Rcv</th><th scope="col" class="num">Last</th><th scope="col" class="num">Min</th><th scope="col" class="num">Median</th><th scope="col" class="num">Threshold</th><th scope="col" class="num">Worst</th><th scope="col" class="num">StDev</th><th scope="col" class="num">MTU</th><th scope="col">Status</th></tr></thead>
${rows}`;
}
