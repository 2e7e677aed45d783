import { keepState } from '../../analysis/detection/keptState.ts';
import type { TestState } from '../../analysis/detection/state.ts';
import type { Change } from '../../model/change.ts';
import type { Responder, Trace } from '../../model/trace.ts';
import type { PastDetection } from '../../store/lateness.ts';
import { type Finding, routeClasses } from './finding.ts';
import { closedClasses, type SteppedThrough, stepThrough } from './stepThrough.ts';

/** What came of looking at a time again. */
export interface LookedAgain extends SteppedThrough {
  /** The state at the moment up to which nothing will be looked at again soon; null where it was not passed. */
  readonly past: PastDetection | null;
}

/**
 * Takes the traces of a time through the detection once more, with those that came late in their place. `settled`: a moment in that
 * time (epoch seconds) as of which the state is to be kept. The state given is used up.
 */
export function lookAgain(
  before: TestState,
  traces: readonly Trace[],
  responders: ReadonlyMap<string, Responder>,
  settled: number,
): LookedAgain {
  const early = traces.filter(({ startedAt }) => startedAt < settled);
  const first = stepThrough(before, early, responders);
  const until = early.at(-1)?.startedAt;
  // What comes now changes the state.
  const past =
    until === undefined ? null : { until, engine: structuredClone(keepState(first.state)) };
  const second = stepThrough(first.state, traces.slice(early.length), responders);
  return { state: second.state, findings: [...first.findings, ...second.findings], past };
}

/**
 * Of what was found by looking again, all that was not told the first time. A change that late traces show at another moment is
 * told already: of those of one kind the nearest in time are taken for the same, each once.
 */
export function untold(findings: readonly Finding[], told: readonly Change[]): Finding[] {
  const left = new Set(findings);
  const ids = new Set(told.map(({ id }) => id));
  for (const finding of findings) {
    if (finding.kind === 'change' && ids.delete(finding.change.id)) left.delete(finding);
  }
  for (const change of told.filter(({ id }) => ids.has(id))) {
    const same = nearest(change, left);
    if (same !== null) left.delete(same);
  }
  return findings.filter((finding) => left.has(finding));
}

function nearest(change: Change, findings: Iterable<Finding>): Finding | null {
  let best: Finding | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const finding of findings) {
    if (finding.kind !== 'change' || kindOf(finding.change) !== kindOf(change)) continue;
    const apart = Math.abs(finding.change.detectedAt - change.detectedAt);
    if (apart < least) [best, least] = [finding, apart];
  }
  return best;
}

/** With more traces a route may turn out to leave its AS, or not to. */
function kindOf({ class: kind, closes }: Change): string {
  if (kind === 'inter_as' || kind === 'intra_as') return 'moved';
  if (kind !== 'recovered') return kind;
  return closes.some((each) => routeClasses.includes(each)) ? 'route recovered' : closes.join(' ');
}

/** Ends whatever was told and does not last, as is known now: nothing else would. `at`: epoch seconds. */
export function ended(state: TestState, at: number): Finding {
  return { kind: 'accepted', testId: state.testId, at, classes: closedClasses(state) };
}
