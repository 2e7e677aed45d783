import type { Run } from '../../model/run/run.ts';
import {
  type MatrixCell,
  type MeshAnalysis,
  type State,
  states,
} from '../../model/site/analysis.ts';
import {
  formatAge,
  formatCount,
  formatDuration,
  pluralize,
  type TimeText,
  timeText,
  utcTime,
} from '../../model/values/format.ts';
import type { SiteContext } from '../page.ts';
import { stateText } from '../stateText.ts';

/** States with a current problem. */
const affectedStates: readonly State[] = ['unreached', 'changed', 'degraded', 'flapping'];
/** States without a current result. */
const noDataStates: readonly State[] = ['stale', 'failed', 'untested'];

export type StateCounts = Readonly<Record<State, number>>;

/** The text above the matrix. */
export interface Headline {
  /** `3 incidents, 14 of 182 pairs affected` */
  readonly text: string;
  /** `3 unreached, 9 changed, 2 degraded.` and pairs without a current result; '' if none. */
  readonly details: string;
  /** Newest trace of the mesh; null without a trace. */
  readonly dataTo: (TimeText & { readonly age: string }) | null;
  /** `8 hosts, 112 tests of 98 pairs, window of 24 h` */
  readonly scope: string;
}

/** Number of cells per state, for all states. */
export function countStates(cells: readonly MatrixCell[]): StateCounts {
  const counts = Object.fromEntries(states.map((state) => [state, 0])) as Record<State, number>;
  for (const cell of cells) counts[cell.state] += 1;
  return counts;
}

/**
 * The headline of the mesh. `hosts`: number of different host names; `incidents`: number of open
 * ones.
 */
export function matrixHeadline(
  mesh: MeshAnalysis,
  site: SiteContext,
  hosts: number,
  incidents: number,
): Headline {
  const counts = countStates(mesh.cells);
  const newest = newestTrace(mesh.cells);
  const { stale } = site;
  return {
    text:
      stale === null
        ? headlineText(counts, mesh.cells, incidents)
        : `State unknown since ${utcTime(stale.since)}`,
    details: [
      stale === null || mesh.cells.length === 0
        ? ''
        : `Before: ${headlineText(counts, mesh.cells, incidents)}.`,
      stateSentence(counts, affectedStates, ''),
      stateSentence(counts, noDataStates, 'No current result: '),
      stateSentence(counts, ['accepted'], ''),
    ]
      .filter((part) => part !== '')
      .join(' '),
    dataTo:
      newest === null ? null : { ...timeText(newest), age: formatAge(site.generatedAt - newest) },
    scope: [
      pluralize(hosts, 'host'),
      `${pluralize(mesh.tests.length, 'test')} of ${pluralize(mesh.cells.length, 'pair')}`,
      `window of ${formatDuration(mesh.window.to - mesh.window.from)}`,
    ].join(', '),
  };
}

function headlineText(
  counts: StateCounts,
  cells: readonly MatrixCell[],
  incidents: number,
): string {
  const total = cells.length;
  if (total === 0) return 'No test results yet';
  const affected = affectedStates.reduce((sum, state) => sum + counts[state], 0);
  const open = incidents === 0 ? '' : `${pluralize(incidents, 'incident')}, `;
  if (affected > 0)
    return `${open}${formatCount(affected)} of ${pluralize(total, 'pair')} affected`;
  const withoutData = noDataStates.reduce((sum, state) => sum + counts[state], 0);
  if (withoutData === total) return `No current result for ${pluralize(total, 'pair')}`;
  if (incidents > 0)
    return `${open}no current problems on ${pluralize(total - withoutData, 'pair')}`;
  return `No problems on ${pluralize(total - withoutData, 'pair')}`;
}

function stateSentence(counts: StateCounts, wanted: readonly State[], lead: string): string {
  const parts = wanted
    .filter((state) => counts[state] > 0)
    .map((state) => `${formatCount(counts[state])} ${stateText(state).word}`);
  return parts.length === 0 ? '' : `${lead}${parts.join(', ')}.`;
}

function newestTrace(cells: readonly MatrixCell[]): number | null {
  let newest: number | null = null;
  for (const { lastTraceAt } of cells) {
    if (lastTraceAt !== null && (newest === null || lastTraceAt > newest)) newest = lastTraceAt;
  }
  return newest;
}

/** The problems of the newest run, for the line above the matrix. */
export interface ProblemNotice {
  readonly text: string;
  /** The first problem. */
  readonly subject: string;
  readonly message: string;
  /** Text of the link to all problems. */
  readonly all: string;
}

/** null if the newest run had no problems. */
export function problemNotice(runs: readonly Run[]): ProblemNotice | null {
  const problems = runs[0]?.problems ?? [];
  const [first] = problems;
  if (first === undefined) return null;
  return {
    text: `The last run had ${pluralize(problems.length, 'problem')}`,
    subject: first.subject,
    message: first.message,
    all: problems.length === 1 ? 'Run status' : `See all ${formatCount(problems.length)}`,
  };
}
