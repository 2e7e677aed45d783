import type { TestSummary } from '../../model/analysis.ts';
import type { ChangeRecord } from '../../model/changeRecord.ts';
import { isOpenChange } from '../../model/changeRecord.ts';
import { formatCount, pluralize, sentenceCase, timeText } from '../../model/format.ts';
import { retirementText } from '../../model/retirementText.ts';
import type { Retirement, TestKey } from '../../model/test.ts';
import { endpointDisplayName } from '../../model/testText.ts';
import { type ChangeNote, changeNote } from '../changes/changeNote.ts';
import type { HostNameLookup } from '../changes/changeText.ts';
import { pageLayout } from '../layout.ts';
import type { Page, SiteContext } from '../page.ts';
import { hostNameLookup } from '../responderText.ts';
import { currentRoute } from '../route/currentRoute.ts';
import { hopLoss } from '../route/hopLoss.ts';
import { renderPage } from '../templates.ts';
import { asBoxDrawing } from './asBoxDrawing.ts';
import { asBoxes } from './asBoxes.ts';
import { chartFigure } from './chartFigure.ts';
import { chartTableRows } from './chartTable.ts';
import { chartTableMarkup } from './chartTableMarkup.ts';
import { hopRows } from './hopRows.ts';
import { hopTable } from './hopTable.ts';
import { relatedTests } from './relatedTests.ts';
import { routeSummaryText } from './routeSummary.ts';
import { archiveHref } from './testFacts.ts';
import type { TestView } from './testView.ts';
import { latestTraceText } from './traceText.ts';
import { variantRows } from './variantRows.ts';

/** Maximum numbers on the page; the JSON file lists all variants and errors. */
const maxVariants = 30;
const maxErrors = 5;
const maxOpenChanges = 3;

/** Input of the page besides the analysis of the test. */
export interface TestPageContext {
  /** The other tests between the same two hosts. */
  readonly related: readonly TestSummary[];
  readonly changes: readonly ChangeRecord[];
  readonly keys: readonly TestKey[];
  /** null: the test belongs to the mesh. */
  readonly retired: Retirement | null;
}

/** `tests/<id>/index.html`. */
export function testPage(
  view: TestView,
  site: SiteContext,
  { related, changes, keys, retired }: TestPageContext,
): Page {
  const { analysis } = view;
  const { test, latest } = analysis;
  const hops = currentRoute(analysis);
  const byTtl = Map.groupBy(analysis.hopStatistics, (statistics) => statistics.ttl);
  const losses = hopLoss(analysis, hops, byTtl);
  const groups = hopTable(analysis, hops, losses, byTtl);
  const ends = `${endpointDisplayName(test.source)} to ${endpointDisplayName(test.destination)}`;
  const inWindow = analysis.variants.filter(({ share }) => share > 0);
  const openChanges = changes.filter(isOpenChange).slice(0, maxOpenChanges);
  const body = renderPage('test', {
    layout: pageLayout(site, {
      root: '../../',
      title: `${analysis.state}: ${ends}`,
      description: view.routeSummary ? routeSummaryText(view.routeSummary) : analysis.stateReason,
      section: 'test',
    }),
    head: view.head,
    tabs: relatedTests(test, analysis.state, related),
    chart: chartFigure(view, inWindow),
    rows: chartTableMarkup(chartTableRows(analysis.series)),
    latest: latest && timeText(latest.startedAt),
    hops: hopRows(groups),
    hasOtherRoutes: groups.some(({ rows }) => rows.some((row) => row.isOnOtherRoute)),
    boxes: asBoxDrawing(asBoxes(analysis, hops, losses)),
    variants: variantRows(view, inWindow.slice(0, maxVariants)),
    variantsLeft: Math.max(0, inWindow.length - maxVariants),
    raw: latestTraceText(analysis),
    jsonHref: `../../data/tests/${test.id}.json`,
    archiveHref: archiveHref(analysis, site),
    openChanges: openChangeNotes(openChanges, hostNameLookup(analysis.responders)),
    failures: failureNotice(view),
    problems: analysis.problems,
    retired: retired === null ? '' : sentenceCase(`${retirementText(retired)}.`),
    keys: keys.length > 1 ? keys.map(keyRow) : [],
  });
  return { path: `tests/${test.id}/index.html`, body };
}

/** A key of the test, and when it was in use. */
function keyRow({ archive, key, firstTraceAt, newestTraceAt }: TestKey): object {
  return {
    archive,
    key,
    first: firstTraceAt === null ? null : timeText(firstTraceAt),
    last: newestTraceAt === null ? null : timeText(newestTraceAt),
  };
}

/** The open changes, each with a link to its entry in the history. */
function openChangeNotes(
  openChanges: readonly ChangeRecord[],
  nameOf: HostNameLookup,
): (ChangeNote & { href: string })[] {
  return openChanges.map((record) => {
    const note = changeNote(record, nameOf);
    return { ...note, href: `history.html#${note.anchor}` };
  });
}

/** The failed runs by error, newest first; null if the archive reports none. */
function failureNotice({ analysis }: TestView): object | null {
  const { failures } = analysis;
  if (failures.length === 0) return null;
  const byError = Map.groupBy(failures.toReversed(), ({ error }) => error);
  return {
    text: `The archive reports ${pluralize(failures.length, 'failed run')} in this window`,
    errors: Array.from(byError, ([error, runs]) => ({
      error,
      newest: timeText(runs[0]?.at ?? 0),
      times: runs.length === 1 ? '' : ` (${formatCount(runs.length)} times)`,
    })).slice(0, maxErrors),
  };
}
