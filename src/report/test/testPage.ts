import type { TestSummary } from '../../model/analysis.ts';
import type { ChangeRecord } from '../../model/changeRecord.ts';
import { type ChangeNote, changeNote, isLasting } from '../changes/changeNote.ts';
import type { NameOf } from '../changes/changeText.ts';
import { count, counted, timeText } from '../format.ts';
import { layout } from '../layout.ts';
import type { Page, SiteContext } from '../page.ts';
import { nameIn } from '../responderText.ts';
import { currentRoute } from '../route/currentRoute.ts';
import { hopLoss } from '../route/hopLoss.ts';
import { render } from '../templates.ts';
import { asBoxDrawing } from './asBoxDrawing.ts';
import { asBoxes } from './asBoxes.ts';
import { chartFigure } from './chartFigure.ts';
import { hopRows } from './hopRows.ts';
import { hopTable } from './hopTable.ts';
import { rawTrace } from './rawTrace.ts';
import { relatedTests } from './relatedTests.ts';
import { archiveHref, endName } from './testFacts.ts';
import { verdictText } from './testVerdict.ts';
import type { TestView } from './testView.ts';
import { timelineMarkup } from './timelineMarkup.ts';
import { timelineRows } from './timelineTable.ts';
import { variantRows } from './variantRows.ts';

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
  const { analysis } = view;
  const { test, latest } = analysis;
  const hops = currentRoute(analysis);
  const byTtl = Map.groupBy(analysis.hopStatistics, (statistics) => statistics.ttl);
  const losses = hopLoss(analysis, hops, byTtl);
  const groups = hopTable(analysis, hops, losses, byTtl);
  const ends = `${endName(test.source)} to ${endName(test.destination)}`;
  const inWindow = analysis.variants.filter(({ share: part }) => part > 0);
  const lasting = changes.filter(isLasting).slice(0, mostLasting);
  const body = render('test', {
    layout: layout(site, {
      root: '../../',
      title: `${analysis.state}: ${ends}`,
      description: view.verdict ? verdictText(view.verdict) : analysis.stateReason,
      section: 'test',
    }),
    head: view.head,
    tabs: relatedTests(test, analysis.state, related),
    chart: chartFigure(view, inWindow),
    rows: timelineMarkup(timelineRows(analysis.series)),
    latest: latest && timeText(latest.startedAt),
    hops: hopRows(groups),
    elsewhere: groups.some(({ rows }) => rows.some((row) => row.elsewhere)),
    boxes: asBoxDrawing(asBoxes(analysis, hops, losses)),
    variants: variantRows(view, inWindow.slice(0, mostVariants)),
    variantsLeft: Math.max(0, inWindow.length - mostVariants),
    raw: rawTrace(analysis),
    jsonHref: `../../data/tests/${test.id}.json`,
    archiveHref: archiveHref(analysis, site),
    lasting: lastingNotes(lasting, nameIn(analysis.responders)),
    failures: failureNotice(view),
    problems: analysis.problems,
  });
  return { path: `tests/${test.id}/index.html`, body };
}

/** The changes that still hold, each with a link to where the history tells of it. */
function lastingNotes(
  lasting: readonly ChangeRecord[],
  nameOf: NameOf,
): (ChangeNote & { href: string })[] {
  return lasting.map((record) => {
    const note = changeNote(record, nameOf);
    return { ...note, href: `history.html#${note.anchor}` };
  });
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
