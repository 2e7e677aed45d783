import type { RouteVariant, TestSummary } from '../../model/analysis.ts';
import type { ChangeRecord } from '../../model/changeRecord.ts';
import { changeNote, isLasting } from '../changes/changeNote.ts';
import {
  asPathText,
  count,
  counted,
  ms,
  share,
  type TimeText,
  timeCell,
  timeText,
  unknownText,
} from '../format.ts';
import { layout } from '../layout.ts';
import type { Page, SiteContext } from '../page.ts';
import { nameIn } from '../responderText.ts';
import { currentRoute, routeLength } from '../route/currentRoute.ts';
import { hopLoss } from '../route/hopLoss.ts';
import { variantColours } from '../route/variantRank.ts';
import { type Timeline, timeline } from '../svg/timeline.ts';
import { render } from '../templates.ts';
import { asBoxDrawing } from './asBoxDrawing.ts';
import { asBoxes } from './asBoxes.ts';
import { hopRows } from './hopRows.ts';
import { hopTable } from './hopTable.ts';
import { rawTrace } from './rawTrace.ts';
import { relatedTests } from './relatedTests.ts';
import { archiveHref, endName } from './testFacts.ts';
import { verdictText } from './testVerdict.ts';
import { drawnHref, type TestView, testHead } from './testView.ts';
import { timelineMarkup } from './timelineMarkup.ts';
import { timelineRows } from './timelineTable.ts';

/** Variants and errors listed; the JSON file has all. */
const mostVariants = 30;
const mostErrors = 5;
const mostLasting = 3;

/** `tests/<id>/index.html`. `related`: the other tests between the same two hosts; `changes` of this one. */
export function testPage(
  view: TestView,
  site: SiteContext,
  related: readonly TestSummary[],
  changes: readonly ChangeRecord[],
): Page {
  const { analysis, ranks } = view;
  const { test, latest } = analysis;
  const hops = currentRoute(analysis);
  const byTtl = Map.groupBy(analysis.hopStatistics, (statistics) => statistics.ttl);
  const losses = hopLoss(analysis, hops, byTtl);
  const groups = hopTable(analysis, hops, losses, byTtl);
  const ends = `${endName(test.source)} to ${endName(test.destination)}`;
  const chart = timeline(analysis, ranks);
  const inWindow = analysis.variants.filter(({ share: part }) => part > 0);
  const variants = inWindow.slice(0, mostVariants).map((variant) => variantRow(view, variant));
  const body = render('test', {
    layout: layout(site, {
      root: '../../',
      title: `${analysis.state}: ${ends}`,
      description: view.verdict ? verdictText(view.verdict) : analysis.stateReason,
      section: 'test',
    }),
    head: testHead(view),
    tabs: relatedTests(test, analysis.state, related),
    chart,
    points: chart === null ? '' : chartPoints(view, chart),
    rows: timelineMarkup(timelineRows(analysis.series)),
    latest: latest && timeText(latest.startedAt),
    hops: hopRows(groups),
    elsewhere: groups.some(({ rows }) => rows.some((row) => row.elsewhere)),
    boxes: asBoxDrawing(asBoxes(analysis, hops, losses)),
    variants,
    keyVariants: variants.slice(0, variantColours),
    variantsLeft: Math.max(0, inWindow.length - mostVariants),
    raw: rawTrace(analysis),
    jsonHref: `../../data/tests/${test.id}.json`,
    archiveHref: archiveHref(analysis, site),
    lasting: changes
      .filter(isLasting)
      .slice(0, mostLasting)
      .map((record) => changeNote(record, nameIn(analysis.responders))),
    failures: failureNotice(view),
    problems: analysis.problems,
  });
  return { path: `tests/${test.id}/index.html`, body };
}

interface VariantRow {
  readonly letter: string;
  readonly rank: number;
  readonly share: string;
  readonly traces: number;
  readonly firstSeen: TimeText;
  readonly lastSeen: TimeText;
  readonly asPath: string;
  readonly rtt: string;
  readonly hops: number;
  readonly mtu: string;
  readonly reached: boolean;
  readonly current: boolean;
  /** Its picture without ending; '' for none. */
  readonly drawing: string;
}

function variantRow({ analysis, ranks, drawn }: TestView, variant: RouteVariant): VariantRow {
  return {
    letter: variant.letter,
    rank: ranks.get(variant.letter) ?? 0,
    share: share(variant.share),
    traces: variant.traces,
    firstSeen: timeCell(variant.firstSeen),
    lastSeen: timeCell(variant.lastSeen),
    asPath: asPathText(variant.asPath),
    rtt: ms(variant.medianRttMs),
    hops: routeLength(variant.route),
    mtu: variant.pathMtu === null ? unknownText : `${variant.pathMtu}`,
    reached: variant.reached,
    current: variant.letter === analysis.series.at(-1)?.variant,
    drawing: drawnHref(drawn, variant.letter),
  };
}

/**
 * The series for the script that reads out the chart: one entry per trace, `;` between them, of seconds since the start of the
 * axis, variant, RTT in ms (empty: none), hops, MTU (empty: unknown), and `!` when not reached.
 */
function chartPoints({ analysis }: TestView, chart: Timeline): string {
  return analysis.series
    .map(
      ({ at, variant, rttMs, hops, pathMtu, reached }) =>
        `${at - chart.from},${variant},${rttMs === null ? '' : Math.round(rttMs * 100) / 100},${hops},${pathMtu ?? ''}${reached ? '' : ',!'}`,
    )
    .join(';');
}

/** The failed runs by their error, the newest first; null when the archive reports none. */
function failureNotice({ analysis }: TestView): object | null {
  const { failures } = analysis;
  if (failures.length === 0) return null;
  const byError = Map.groupBy(failures.toReversed(), ({ error }) => error);
  return {
    text: `The archive reports ${counted(failures.length, 'failed run')} in this window`,
    errors: Array.from(byError, ([error, runs]) => ({
      error,
      newest: timeText(runs[0]?.at ?? 0),
      times: runs.length === 1 ? '' : ` (${count(runs.length)} times)`,
    })).slice(0, mostErrors),
  };
}
