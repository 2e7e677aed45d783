import { destinationDevice } from '../identity/devices.ts';
import type { Observation } from '../observation.ts';
import { type Baseline, presenceShare } from '../route/baseline.ts';

/**
 * The most evidence, nats, that one trace adds to an outage: a tool that is cut short looks the
 * same, one time in 300.
 */
export const traceLimit = 5.8;
/** No device is more certain to answer than this. */
const certainty = 0.98;

/** The silence of a device that answers a smaller share of the traces means nothing. */
const missedShare = 0.1;
/** A device lies clearly behind a place that is this many ttls nearer: mean ttls are fractions. */
const clearTtls = 0.6;
/** Ends whose silence differs by this much, nats, are different ends. */
const differentEndEvidence = 3;

/** Mean ttl at which a device answers under a baseline; 0 when unknown. */
function depthOf(baseline: Baseline, device: number): number {
  let sum = 0;
  let count = 0;
  for (let ttl = 1; ttl < baseline.positions.length; ttl++) {
    const here = baseline.positions[ttl]?.devices[device] ?? 0;
    sum += here * ttl;
    count += here;
  }
  return count > 0 ? sum / count : 0;
}

/** Mean ttl of the deepest device among a trace's answers; 0 when no known device answered. */
export function depthReached(observation: Observation, baseline: Baseline): number {
  let deepest = 0;
  for (const device of new Set(observation.devices))
    deepest = Math.max(deepest, depthOf(baseline, device));
  return deepest;
}

/** A device that usually answers: its mean ttl, and how surprising its silence is, nats. */
interface ExpectedDevice {
  readonly depth: number;
  readonly odds: number;
}

/**
 * The devices of a baseline whose silence means something, except the destination. `loss`: share of
 * packets lost anyway.
 */
export function expectedDevices(baseline: Baseline, loss = 0): ExpectedDevice[] {
  const expected: ExpectedDevice[] = [];
  for (const key in baseline.seen) {
    const device = Number(key);
    if (device === destinationDevice) continue;
    const share = Math.min(certainty, presenceShare(baseline, device));
    if (share < missedShare) continue;
    expected.push({ depth: depthOf(baseline, device), odds: -Math.log(1 - share * (1 - loss)) });
  }
  return expected;
}

/**
 * How surprising it is that nothing behind this depth answers, nats: every device clearly behind it
 * adds the surprise of its own silence. With `spareOne`, the most reliable of them is left out:
 * where the destination never answers, one device that falls silent is no outage.
 */
export function silenceBehind(
  depth: number,
  expected: readonly ExpectedDevice[],
  spareOne: boolean,
): number {
  let surprise = 0;
  let largest = 0;
  for (const device of expected) {
    if (device.depth < depth + clearTtls) continue;
    surprise += device.odds;
    largest = Math.max(largest, device.odds);
  }
  return spareOne ? surprise - largest : surprise;
}

/** The end of one trace that fell short. */
export interface ShortEnd {
  /** Mean ttl of the deepest device that answered. */
  readonly depth: number;
  /** Surprise at the silence of the destination itself, nats. */
  readonly odds: number;
}

/**
 * Evidence of an outage in a run of short traces, nats. The silence behind the deepest place counts
 * for the traces that end there; a trace that ends well before it was cut short by something else
 * and only misses the destination. The run may begin with chance misses that got further than the
 * outage allows: its most telling end counts.
 */
export function outageEvidence(
  ends: readonly ShortEnd[],
  baseline: Baseline,
  spareOne: boolean,
  loss: number,
): number {
  const expected = expectedDevices(baseline, loss);
  const silences = ends.map((end) => silenceBehind(end.depth, expected, spareOne));
  let most = 0;
  let behind = Number.POSITIVE_INFINITY;
  for (let from = ends.length - 1; from >= 0; from--) {
    behind = Math.min(behind, silences[from] as number);
    most = Math.max(most, evidenceSince(from, ends, silences, behind));
  }
  return most;
}

function evidenceSince(
  from: number,
  ends: readonly ShortEnd[],
  silences: readonly number[],
  behind: number,
): number {
  let evidence = 0;
  for (let i = from; i < ends.length; i++) {
    const { odds } = ends[i] as ShortEnd;
    const here = (silences[i] as number) - behind < differentEndEvidence;
    evidence += Math.min(traceLimit, here ? odds + behind : 0);
  }
  return evidence;
}
