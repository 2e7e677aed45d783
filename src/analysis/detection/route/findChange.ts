import { hourSeconds } from '../../../model/values/time.ts';
import type { DeviceTable } from '../identity/devices.ts';
import type { Observation } from '../observation.ts';
import type { Baseline } from './baseline.ts';
import { isInRuns, sumEvidence, type WindowEvidence, type WindowTrace } from './windowEvidence.ts';

/** A change has to last so long, or for so many traces: routes converge. */
export const leastChangeSeconds = 300;
export const maxWindowTraces = 24;
/** Evidence, nats, that a baseline is over. */
const switchEvidence = 6.5;
/** Evidence that suffices where the traces span so long: no blip lasts. */
const lastingEvidence = 5.7;
const lastingSeconds = 6 * hourSeconds;
/** Evidence that suffices where a remembered baseline explains every trace. */
const knownRouteEvidence = 4.5;
/** Price, nats, of choosing the number of traces: this times the log of the choices. */
const choicePrice = 0.7;
/** A trace on another route deviates at this share of the ttls that speak against the baseline. */
const leastDeviatingShare = 0.5;

/** Traces that speak against the current baseline. */
export interface FoundChange {
  readonly traces: readonly WindowTrace[];
  readonly evidence: WindowEvidence;
}

/** The newest traces that speak most against a baseline; null where they do not suffice. */
export function findChange(
  window: readonly WindowTrace[],
  current: Baseline,
  table: DeviceTable,
): FoundChange | null {
  const newest = window.at(-1) as WindowTrace;
  let best: FoundChange | null = null;
  let most = knownRouteEvidence;
  for (let count = 2; count <= window.length; count++) {
    const traces = window.slice(-count);
    if ((traces[0] as WindowTrace).deviating.length === 0) continue;
    if (count < maxWindowTraces && spanOf(traces) < leastChangeSeconds) continue;
    const evidence = sumEvidence(traces, current, table);
    const nats = evidence.nats - choicePrice * Math.log(count - 1);
    if (nats < most || !isPartOf(newest, evidence)) continue;
    most = nats;
    best = { traces, evidence: { ...evidence, nats } };
  }
  return best;
}

/** The time that the traces, and the interval after the last, span, seconds. */
function spanOf(traces: readonly WindowTrace[]): number {
  const first = (traces[0] as WindowTrace).observation.at;
  const last = (traces.at(-1) as WindowTrace).observation.at;
  return ((last - first) * traces.length) / (traces.length - 1);
}

function isPartOf({ deviating }: WindowTrace, { runs }: WindowEvidence): boolean {
  return deviating.some((ttl) => isInRuns(ttl, runs));
}

/** Whether a trace deviates at most of the ttls of the runs at which it has an answer. */
function isOnOtherRoute({ observation, deviating }: WindowTrace, { runs }: WindowEvidence) {
  const isIn = (ttl: number) => isInRuns(ttl, runs);
  const answered = new Set(observation.ttls.filter(isIn));
  return (
    deviating.filter(isIn).length >= leastDeviatingShare * answered.size && deviating.some(isIn)
  );
}

/** The traces of a change that are on the other route. */
export function tracesOnOtherRoute({ traces, evidence }: FoundChange): Observation[] {
  return traces
    .filter((trace) => isOnOtherRoute(trace, evidence))
    .map(({ observation }) => observation);
}

/** Whether the evidence suffices without a remembered route that explains the traces. */
export function isCertainChange({ traces, evidence }: FoundChange): boolean {
  return evidence.nats >= (spanOf(traces) < lastingSeconds ? switchEvidence : lastingEvidence);
}
