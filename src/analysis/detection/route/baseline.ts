import type { Observation } from '../observation.ts';

/**
 * Responses at one ttl of a baseline. Counts decay exponentially, so they are not whole numbers.
 */
export interface Position {
  /** Answers at this ttl. */
  answered: number;
  /** Devices seen here exactly once: the Good-Turing measure of how many are still unseen. */
  singletons: number;
  /** Answers by device id. */
  devices: Record<number, number>;
  /** The last round-trip times here, ms: a ring with `cursor` at the oldest. */
  rttsMs: number[];
  cursor: number;
}

/**
 * A route together with its load balancing: for every ttl, the devices that answer and how often.
 * It is a distribution over routes rather than a route, so two traces in a row may differ.
 */
export interface Baseline {
  readonly id: number;
  /** Traces learned, decaying exponentially. */
  traces: number;
  /** Start of the first and the last trace that the baseline explained, epoch seconds. */
  firstAt: number;
  lastAt: number;
  /** Traces that the baseline explained, without decay: its tenure. */
  explainedTraces: number;
  /** Index is the ttl. */
  positions: (Position | null)[];
  /** Traces in which a device answered, by device id. */
  seen: Record<number, number>;
  /**
   * Addresses at which a device answered, as bits, by device id; only for devices that used more
   * than their first.
   */
  ingressBits: Record<number, number>;
  /** Traces by the ttl at which the destination answered. */
  endTtls: Record<number, number>;
  endSingletons: number;
  ends: number;
  /** The last round-trip times to the destination and when they were measured, newest last. */
  reachedRtts: { at: number; ms: number }[];
  /** Traces by path MTU, bytes. */
  mtus: Record<number, number>;
}

/** Counts are halved beyond this many traces: about a day at 10 minutes. */
const memoryTraces = 160;
/** Times in the ring of a position: enough for a range. */
const ringLength = 12;
/** Times to the destination for verdicts: 16 hours at 10 minutes. */
const maxRtts = 96;

/** A baseline that knows nothing yet. */
export function createBaseline(id: number, at: number): Baseline {
  return {
    id,
    traces: 0,
    firstAt: at,
    lastAt: at,
    explainedTraces: 0,
    positions: [],
    seen: {},
    ingressBits: {},
    endTtls: {},
    endSingletons: 0,
    ends: 0,
    reachedRtts: [],
    mtus: {},
  };
}

/** Adds one trace to a baseline. */
export function learnObservation(baseline: Baseline, observation: Observation): void {
  if (baseline.explainedTraces === 0) baseline.firstAt = observation.at;
  baseline.traces++;
  baseline.explainedTraces++;
  if (observation.at > baseline.lastAt) baseline.lastAt = observation.at;
  const { ttls, devices, rttsMs } = observation;
  for (let i = 0; i < devices.length; i++) {
    const device = devices[i] as number;
    learnPosition(baseline, ttls[i] as number, device, rttsMs[i] as number | null);
    learnIngress(baseline, device, observation.ingressIndexes[i] as number);
    if (devices.indexOf(device) === i) baseline.seen[device] = (baseline.seen[device] ?? 0) + 1;
  }
  if (observation.destinationTtl !== null) learnEnd(baseline, observation);
  if (baseline.traces > memoryTraces) decayBaseline(baseline);
}

function learnIngress(baseline: Baseline, device: number, ingress: number): void {
  const known = baseline.ingressBits[device];
  if (ingress === 0 && known === undefined) return;
  const before = known ?? (baseline.seen[device] === undefined ? 0 : 1);
  baseline.ingressBits[device] = before | (1 << ingress);
}

/**
 * Whether a device that the baseline knows answers at an address it has not used under this
 * baseline.
 */
export function hasNewIngress(baseline: Baseline, device: number, ingress: number): boolean {
  const known = baseline.ingressBits[device];
  if (known === undefined && ingress === 0) return false;
  return baseline.seen[device] !== undefined && ((known ?? 1) & (1 << ingress)) === 0;
}

function learnPosition(
  baseline: Baseline,
  ttl: number,
  device: number,
  rttMs: number | null,
): void {
  let position = baseline.positions[ttl];
  if (!position) {
    while (baseline.positions.length <= ttl) baseline.positions.push(null);
    position = { answered: 0, singletons: 0, devices: {}, rttsMs: [], cursor: 0 };
    baseline.positions[ttl] = position;
  }
  const before = position.devices[device];
  position.answered++;
  position.devices[device] = (before ?? 0) + 1;
  if (before === undefined) position.singletons++;
  else if (before <= 1) position.singletons = Math.max(0, position.singletons - 1);
  if (rttMs === null) return;
  position.rttsMs[position.cursor] = rttMs;
  position.cursor = (position.cursor + 1) % ringLength;
}

function learnEnd(baseline: Baseline, observation: Observation): void {
  const ttl = observation.destinationTtl as number;
  const before = baseline.endTtls[ttl];
  baseline.ends++;
  baseline.endTtls[ttl] = (before ?? 0) + 1;
  if (before === undefined) baseline.endSingletons++;
  else if (before <= 1) baseline.endSingletons = Math.max(0, baseline.endSingletons - 1);
  if (observation.rttMs === null) return;
  baseline.reachedRtts.push({ at: observation.at, ms: observation.rttMs });
  if (baseline.reachedRtts.length > maxRtts) baseline.reachedRtts.shift();
}

/**
 * Halves the counts of a baseline, so that older traces weigh less than recent ones. Known
 * devices stay known.
 */
export function decayBaseline(baseline: Baseline): void {
  baseline.traces /= 2;
  baseline.ends /= 2;
  baseline.endSingletons /= 2;
  for (const position of baseline.positions) {
    if (!position) continue;
    position.answered /= 2;
    position.singletons /= 2;
    halve(position.devices);
  }
  halve(baseline.seen);
  halve(baseline.endTtls);
  halve(baseline.mtus);
}

function halve(counts: Record<number, number>): void {
  for (const key in counts) counts[key] = (counts[key] as number) / 2;
}

/** Merges two devices in everything the baseline knows. */
export function mergeInBaseline(baseline: Baseline, from: number, into: number): void {
  if (baseline.seen[from] === undefined) return;
  for (const position of baseline.positions) if (position) moveCount(position.devices, from, into);
  const both = (baseline.seen[from] ?? 0) + (baseline.seen[into] ?? 0);
  moveCount(baseline.seen, from, into);
  baseline.seen[into] = Math.min(baseline.traces, both);
  delete baseline.ingressBits[from];
}

function moveCount(counts: Record<number, number>, from: number, into: number): void {
  const count = counts[from];
  if (count === undefined) return;
  counts[into] = (counts[into] ?? 0) + count;
  delete counts[from];
}

/** Share of the baseline's traces in which a device answers, 0 to 1. */
export function presenceShare(baseline: Baseline, device: number): number {
  return baseline.traces > 0 ? (baseline.seen[device] ?? 0) / baseline.traces : 0;
}

/** A device that answers in a smaller share of a baseline's traces is no regular part of it. */
const irregularShare = 0.05;

/** Whether a device is unknown to a baseline or known from few traces only. */
export function isIrregular(baseline: Baseline, device: number): boolean {
  const seen = baseline.seen[device];
  return seen === undefined || seen < irregularShare * baseline.traces;
}

/** Makes the devices of these traces regular parts of a baseline: they are there to stay. */
export function addRegularDevices(baseline: Baseline, observations: readonly Observation[]): void {
  const irregular = new Set<number>();
  for (const { devices } of observations)
    for (const device of devices) if (isIrregular(baseline, device)) irregular.add(device);
  for (const observation of observations) learnObservation(baseline, observation);
  const share = 2 * irregularShare * baseline.traces;
  for (const device of irregular)
    baseline.seen[device] = Math.max(share, baseline.seen[device] ?? 0);
}
