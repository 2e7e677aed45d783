import type { Change } from '../../model/change/change.ts';
import type { DetectionCheckpoint } from '../../model/change/detectionCheckpoint.ts';
import type { Responder, Trace } from '../../model/trace/trace.ts';
import type { DetectionState } from './detectionState.ts';
import { type Finding, routeClasses } from './finding.ts';
import type { DetectionSettings } from './settings.ts';
import { closedClasses, type StepThroughResult, stepThrough } from './stepThrough.ts';
import { serializeState } from './storedState.ts';

/** The result of a replay. */
export interface ReplayResult extends StepThroughResult {
  /** The state at the checkpoint; null where the traces do not reach it. */
  readonly checkpoint: DetectionCheckpoint | null;
}

/**
 * Takes the traces of an interval through the detection once more, late ones in their place, and
 * uses up the state given. `checkpointAt`: the moment in that interval, epoch seconds, whose state
 * is to be retained.
 */
export function replay(
  before: DetectionState,
  traces: readonly Trace[],
  responders: ReadonlyMap<string, Responder>,
  { checkpointAt, ...settings }: DetectionSettings & { readonly checkpointAt: number },
): ReplayResult {
  const early = traces.filter(({ startedAt }) => startedAt < checkpointAt);
  const first = stepThrough(before, early, responders, settings);
  const until = early.at(-1)?.startedAt;
  // The following traces change the state.
  const checkpoint =
    until === undefined ? null : { until, engine: structuredClone(serializeState(first.state)) };
  const second = stepThrough(first.state, traces.slice(early.length), responders, settings);
  return { state: second.state, findings: [...first.findings, ...second.findings], checkpoint };
}

/**
 * The findings of a replay that were not reported the first time. A change that late traces show at
 * another moment was reported already: of the changes of one kind, the nearest in time are the
 * same, each once.
 */
export function findUnreported(
  findings: readonly Finding[],
  reported: readonly Change[],
): Finding[] {
  const remaining = new Set(findings);
  const ids = new Set(reported.map(({ id }) => id));
  for (const finding of findings) {
    if (finding.kind === 'change' && ids.delete(finding.change.id)) remaining.delete(finding);
  }
  for (const change of reported.filter(({ id }) => ids.has(id))) {
    const match = findNearest(change, remaining);
    if (match !== null) remaining.delete(match);
  }
  return findings.filter((finding) => remaining.has(finding));
}

function findNearest(change: Change, findings: Iterable<Finding>): Finding | null {
  let best: Finding | null = null;
  let smallestGap = Number.POSITIVE_INFINITY;
  for (const finding of findings) {
    if (finding.kind !== 'change' || comparableClass(finding.change) !== comparableClass(change))
      continue;
    const gapSeconds = Math.abs(finding.change.detectedAt - change.detectedAt);
    if (gapSeconds < smallestGap) [best, smallestGap] = [finding, gapSeconds];
  }
  return best;
}

/** One class for both levels: with more traces a route may turn out to leave its AS, or not to. */
function comparableClass({ class: changeClass, closes }: Change): string {
  if (changeClass === 'inter_as' || changeClass === 'intra_as') return 'moved';
  if (changeClass !== 'recovered') return changeClass;
  return closes.some((each) => routeClasses.includes(each)) ? 'route recovered' : closes.join(' ');
}

/**
 * Ends the reported changes of the classes in which nothing is open now: nothing else would. `at`:
 * epoch seconds.
 */
export function withdrawClosedClasses(state: DetectionState, at: number): Finding {
  return { kind: 'withdrawn', testId: state.testId, at, classes: closedClasses(state) };
}
