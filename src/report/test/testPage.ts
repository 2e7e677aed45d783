import type { ChangeRecord } from '../../model/change/changeRecord.ts';
import { isOpenChange } from '../../model/change/changeRecord.ts';
import type { MetricSeries } from '../../model/metric/metric.ts';
import type { TestSummary } from '../../model/site/analysis.ts';
import { retirementText } from '../../model/test/retirementText.ts';
import type { Retirement, TestKey } from '../../model/test/test.ts';
import { endpointDisplayName } from '../../model/test/testText.ts';
import { formatCount, pluralize, sentenceCase, timeText } from '../../model/values/format.ts';
import { type ChangeNote, changeNote } from '../changes/changeNote.ts';
import type { HostNameLookup } from '../changes/changeText.ts';
import { pageLayout } from '../layout.ts';
import type { Page, SiteContext } from '../page.ts';
import { hostNameLookup } from '../responderText.ts';
import { renderPage } from '../templates.ts';
import { drawPageParts } from './latestDrawing.ts';
import { maxVariants } from './latestValues.ts';
import { maxMetricTables, metricTables } from './metricTables.ts';
import { relatedTests } from './relatedTests.ts';
import { routeSummaryText } from './routeSummary.ts';
import { archiveHref } from './testFacts.ts';
import { pictureHref, type TestView } from './testView.ts';
import { pictureLinks } from './variantRows.ts';

/** Maximum numbers on the page; the JSON file lists all variants and errors. */
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
  readonly metrics: readonly MetricSeries[];
}

/** `tests/<id>/index.html`. */
export function testPage(
  view: TestView,
  site: SiteContext,
  { related, changes, keys, retired, metrics }: TestPageContext,
): Page {
  const { analysis } = view;
  const { test } = analysis;
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
    ...drawPageParts(view.latest, analysis.series, (letter) =>
      pictureLinks(letter, pictureHref(view.picturePaths, letter)),
    ),
    hasTrace: analysis.series.length > 0,
    variantsLeft: Math.max(0, inWindow.length - maxVariants),
    jsonHref: `../../data/tests/${test.id}.json`,
    archiveHref: archiveHref(analysis, site),
    openChanges: openChangeNotes(openChanges, hostNameLookup(analysis.responders)),
    failures: failureNotice(view),
    problems: analysis.problems,
    retired: retired === null ? '' : sentenceCase(`${retirementText(retired)}.`),
    metrics: metricTables(metrics),
    metricsLeft: Math.max(0, metrics.length - maxMetricTables),
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
