import { daySeconds } from '../../../model/values/time.ts';
import type { Observation } from '../observation.ts';

/** The answers at one ttl of a baseline. Every trace is one draw per ttl. */
export interface Position {
  /** Traces that could have shown an answer at this ttl, and those that did. */
  asked: number;
  answered: number;
  /** Draws, after the first one, that were new at this ttl when they were learned. */
  novel: number;
  /** Draws by device id; a trace with several devices at the ttl gives each its part. */
  devices: Record<number, number>;
  /** Sum of the squares of `devices`. */
  squares: number;
  /** The device of the last draw, draws that may have differed from the one before, and repeats. */
  last: number | null;
  turns: number;
  repeats: number;
  /** The last round-trip times here, ms, newest last. */
  rttsMs: number[];
}

/**
 * A route together with its load balancing: for every ttl, the devices that answer and how often.
 * It is a distribution over routes rather than a route, so two traces in a row may differ.
 */
export interface Baseline {
  readonly id: number;
  /** Traces learned; older ones weigh less. */
  traces: number;
  /** Start of the first and the last trace that the baseline explained, epoch seconds. */
  firstAt: number;
  lastAt: number;
  /** Traces that the baseline explained, whatever their age: its tenure. */
  explainedTraces: number;
  /** When the counts were halved last, epoch seconds. */
  halvedAt: number;
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
  /** The last round-trip times to the destination, ms, newest last. */
  reachedRttsMs: number[];
  /** Traces by path MTU, bytes. */
  mtus: Record<number, number>;
}

/** Counts are halved after this long, once they hold so many traces. */
const halvingSeconds = 2 * daySeconds;
const halvingTraces = 120;
/** A draw has so many parts: counts are exact fractions, short in storage. */
const drawParts = 16;
/** Times of a position: enough for a range. */
export const maxHopRtts = 8;
/** Times to the destination, for verdicts and the usual one. */
export const maxRtts = 24;

/** A baseline that knows nothing yet. */
export function createBaseline(id: number, at: number): Baseline {
  return {
    id,
    traces: 0,
    firstAt: at,
    lastAt: at,
    explainedTraces: 0,
    halvedAt: at,
    positions: [],
    seen: {},
    ingressBits: {},
    endTtls: {},
    reachedRttsMs: [],
    mtus: {},
  };
}

/** Adds one trace to a baseline. */
export function learnObservation(baseline: Baseline, observation: Observation): void {
  if (baseline.explainedTraces === 0) baseline.firstAt = observation.at;
  baseline.traces++;
  baseline.explainedTraces++;
  if (observation.at > baseline.lastAt) baseline.lastAt = observation.at;
  countAsked(baseline, observation);
  learnAnswers(baseline, observation);
  const end = observation.destinationTtl;
  if (end !== null) baseline.endTtls[end] = (baseline.endTtls[end] ?? 0) + 1;
  if (baseline.traces >= halvingTraces && observation.at - baseline.halvedAt >= halvingSeconds) {
    baseline.halvedAt = observation.at;
    halveBaseline(baseline);
  }
}

/** Counts the ttls that could answer: those behind the destination could not. */
function countAsked(baseline: Baseline, { lastTtl, reached }: Observation): void {
  const { positions } = baseline;
  for (let ttl = 1; ttl <= lastTtl; ttl++) (positions[ttl] ?? addPosition(baseline, ttl)).asked++;
  if (reached) return;
  for (let ttl = lastTtl + 1; ttl < positions.length; ttl++) {
    const position = positions[ttl];
    if (position) position.asked++;
  }
}

function learnAnswers(baseline: Baseline, observation: Observation): void {
  const { ttls, devices, ingressIndexes, rttsMs } = observation;
  for (let start = 0; start < devices.length; ) {
    const ttl = ttls[start] as number;
    const position = baseline.positions[ttl] as Position;
    let end = start + 1;
    while (ttls[end] === ttl) end++;
    learnDraw(position, devices, start, end);
    for (; start < end; start++) {
      const device = devices[start] as number;
      learnIngress(baseline, device, ingressIndexes[start] as number);
      if (devices.indexOf(device) === start)
        baseline.seen[device] = (baseline.seen[device] ?? 0) + 1;
      learnTime(position, rttsMs[start] as number | null);
    }
  }
}

/** Adds the round-trip time of a trace to the destination. */
export function learnRtt({ reachedRttsMs }: Baseline, { rttMs }: Observation): void {
  if (rttMs === null) return;
  reachedRttsMs.push(rttMs);
  if (reachedRttsMs.length > maxRtts) reachedRttsMs.shift();
}

function addPosition({ positions }: Baseline, ttl: number): Position {
  while (positions.length <= ttl) positions.push(null);
  const position: Position = {
    asked: 0,
    answered: 0,
    novel: 0,
    devices: {},
    squares: 0,
    last: null,
    turns: 0,
    repeats: 0,
    rttsMs: [],
  };
  positions[ttl] = position;
  return position;
}

/** Learns the devices from `start` to `end` of a trace as one draw at a ttl. */
function learnDraw(
  position: Position,
  devices: readonly number[],
  start: number,
  end: number,
): void {
  const part = Math.round(drawParts / (end - start)) / drawParts;
  const wasEmpty = position.answered === 0;
  for (let i = start; i < end; i++) {
    const device = devices[i] as number;
    const before = position.devices[device];
    if (before === undefined && !wasEmpty) position.novel += part;
    position.devices[device] = (before ?? 0) + part;
    position.squares += part * (2 * (before ?? 0) + part);
  }
  position.answered++;
  learnTurn(position, devices[start] as number);
}

/** A device of this share of the draws leaves hardly anything for the others to turn to. */
const dominantShare = 0.95;

function learnTurn(position: Position, device: number): void {
  const { last } = position;
  position.last = device;
  if (last === null || (position.devices[device] ?? 0) >= dominantShare * position.answered) return;
  position.turns++;
  if (last === device) position.repeats++;
}

function learnTime({ rttsMs }: Position, rttMs: number | null): void {
  if (rttMs === null) return;
  rttsMs.push(rttMs);
  if (rttsMs.length > maxHopRtts) rttsMs.shift();
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

/** Halves the counts, so that older traces weigh less, and drops those that become too small. */
function halveBaseline(baseline: Baseline): void {
  baseline.traces = halfOf(baseline.traces);
  for (const position of baseline.positions) {
    if (!position) continue;
    position.asked = halfOf(position.asked);
    position.answered = halfOf(position.answered);
    position.novel = halfOf(position.novel);
    position.turns = halfOf(position.turns);
    position.repeats = halfOf(position.repeats);
    position.devices = halvesOf(position.devices);
    position.squares = sumOfSquares(position.devices);
  }
  baseline.seen = halvesOf(baseline.seen);
  baseline.endTtls = halvesOf(baseline.endTtls);
  baseline.mtus = halvesOf(baseline.mtus);
}

/** Half of a count, in whole parts of a draw. */
export function halfOf(count: number): number {
  return Math.floor((count * drawParts) / 2) / drawParts;
}

function halvesOf(counts: Readonly<Record<number, number>>): Record<number, number> {
  const halves: Record<number, number> = {};
  for (const key in counts) {
    const half = halfOf(counts[key] as number);
    if (half > 0) halves[key] = half;
  }
  return halves;
}

/** Sum of the squares of some counts. */
export function sumOfSquares(counts: Readonly<Record<number, number>>): number {
  let sum = 0;
  for (const key in counts) sum += (counts[key] as number) ** 2;
  return sum;
}

/** Share of the baseline's traces in which a device answers, 0 to 1. */
export function presenceShare(baseline: Baseline, device: number): number {
  return baseline.traces > 0 ? (baseline.seen[device] ?? 0) / baseline.traces : 0;
}

/** A device that answers in a smaller share of a baseline's traces is no regular part of it. */
export const irregularShare = 0.05;

/** Whether a device is unknown to a baseline or known from few traces only. */
export function isIrregular(baseline: Baseline, device: number): boolean {
  const seen = baseline.seen[device];
  return seen === undefined || seen < irregularShare * baseline.traces;
}
