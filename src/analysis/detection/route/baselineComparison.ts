import { estimatedChance } from '../../../model/statistics.ts';
import { type DeviceTable, destinationDevice } from '../identity/devices.ts';
import type { Observation } from '../observation.ts';
import { findAliases } from './alias.ts';
import { type Baseline, isIrregular, type Position, presenceShare } from './baseline.ts';
import { usualEndTtl } from './baselineStatistics.ts';

/** How well a trace fits a baseline. */
export interface BaselineComparison {
  /**
   * Surprise in nats, 0 to `maximumEvidence`; below `explainedBelow` the baseline explains the
   * trace.
   */
  readonly evidence: number;
  /**
   * Indices of the observation's answers by devices that the baseline does not know, aliases left
   * out.
   */
  readonly novel: readonly number[];
  /** Indices of answers by another address of the usual device of that place. */
  readonly aliases: readonly number[];
  /** The route ends at a ttl where it never ended before. */
  readonly endMoved: boolean;
}

/** The most evidence that one trace can add, nats. */
const maximumEvidence = 5;
/** A baseline explains a trace with less evidence against it, nats: a one in ten event. */
export const explainedBelow = 2.3;

/**
 * An alias may be a new device after all; a late answer of the destination may be a longer route.
 * Nats.
 */
const aliasEvidence = 1;
const lateAnswerEvidence = 1;
/** Chance that a hidden router begins to answer at a ttl that was always silent. */
const unseenPositionChance = 0.5;
/**
 * A destination that answers in a smaller share of the traces does not mark the end of the route.
 */
const answeringShare = 0.2;
/**
 * Where the destination is silent, the deepest device of this share of the traces marks the end.
 */
const deepDeviceShare = 0.4;

const perfectMatch: BaselineComparison = { evidence: 0, novel: [], aliases: [], endMoved: false };

/**
 * Compares a trace with a baseline. Silent hops count for nothing. A device that is new at every
 * ttl is as surprising as new devices are rare. While a baseline is young, the load balancing of
 * its parent, the baseline that it took over from, is not new either.
 */
export function compareToBaseline(
  observation: Observation,
  baseline: Baseline,
  table: DeviceTable,
  parent: Baseline | null = null,
): BaselineComparison {
  const unknown = unknownAnswers(observation, baseline, parent);
  const end = endSurprise(observation, baseline);
  if (unknown.length === 0 && end === 0) return perfectMatch;
  const aliases = end === 0 ? findAliases(unknown, observation, baseline, table) : [];
  const novel = unknown.filter((index) => !aliases.includes(index));
  let evidence = Math.max(end, aliases.length > 0 ? aliasEvidence : 0);
  for (const index of novel) {
    const ttl = observation.ttls[index] as number;
    evidence = Math.max(evidence, surprise(baseline.positions[ttl]));
  }
  return { evidence: Math.min(maximumEvidence, evidence), novel, aliases, endMoved: end > 0 };
}

const noAnswers: readonly number[] = [];

/** Indices of the answers by devices that neither the baseline nor its parent knows. */
function unknownAnswers(
  { devices }: Observation,
  baseline: Baseline,
  parent: Baseline | null,
): readonly number[] {
  let unknown: number[] | null = null;
  for (let i = 0; i < devices.length; i++) {
    const device = devices[i] as number;
    if (device === destinationDevice || baseline.seen[device] !== undefined) continue;
    if (parent !== null && !isIrregular(parent, device)) continue;
    // Most traces have none: an array for each of them would cost time.
    unknown ??= [];
    unknown.push(i);
  }
  return unknown ?? noAnswers;
}

/** Good-Turing surprise of a device that was never seen at this position, nats. */
function surprise(position: Position | null | undefined): number {
  if (!position) return -Math.log(unseenPositionChance);
  return surpriseOfUnseen(position.singletons, position.answered);
}

function surpriseOfUnseen(once: number, total: number): number {
  return -Math.log(Math.min(1, estimatedChance(once, total)));
}

/**
 * Surprise, nats, of the ttl at which the route ends; where the destination is silent, of its
 * deepest regular device.
 */
function endSurprise(observation: Observation, baseline: Baseline): number {
  const ttl = observation.destinationTtl;
  if (ttl !== null) {
    if (baseline.ends === 0 || baseline.endTtls[ttl] !== undefined) return 0;
    const s = surpriseOfUnseen(baseline.endSingletons, baseline.ends);
    return answeredLate(observation, baseline) ? Math.min(lateAnswerEvidence, s) : s;
  }
  if (baseline.ends > answeringShare * baseline.traces || observation.loop) return 0;
  return proxySurprise(observation, baseline);
}

/**
 * Whether the destination merely answered late. It may answer at a higher ttl without having moved:
 * a rate limit drops the probe of its own ttl and lets a later one through. It has moved when
 * something in front of it has moved too.
 */
function answeredLate(observation: Observation, baseline: Baseline): boolean {
  const ttl = observation.destinationTtl as number;
  if (ttl < (usualEndTtl(baseline) ?? ttl)) return false;
  const { ttls, devices } = observation;
  let last = -1;
  for (let i = 0; i < ttls.length; i++) if ((ttls[i] as number) < ttl) last = i;
  if (last < 0) return true;
  return baseline.positions[ttls[last] as number]?.devices[devices[last] as number] !== undefined;
}

function proxySurprise(observation: Observation, baseline: Baseline): number {
  const { ttls, devices } = observation;
  for (let i = devices.length - 1; i >= 0; i--) {
    const device = devices[i] as number;
    if (presenceShare(baseline, device) < deepDeviceShare) continue;
    if (baseline.positions[ttls[i] as number]?.devices[device] !== undefined) return 0;
    return surpriseOfUnseen(0, (baseline.seen[device] as number) - 1);
  }
  return 0;
}
