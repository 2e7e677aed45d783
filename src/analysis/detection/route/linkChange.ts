import type { LinkChange } from '../detectionState.ts';
import { type DeviceTable, destinationDevice } from '../identity/devices.ts';
import type { Observation } from '../observation.ts';
import { type Baseline, hasNewIngress } from './baseline.ts';

/**
 * Evidence, nats, that the traffic enters a router from somewhere else; as for a change of route.
 */
export const linkChangeEvidence = 8.5;
/**
 * The previous hop must have answered in at least this share of the traces, at most so many ttls
 * away.
 */
const minShare = 0.2;
const maxDistanceTtls = 3;
/** A baseline of fewer traces cannot know that a hop is missing. */
const matureTraces = 40;
/** Traces of a link change that the state holds at most. */
const maxObservations = 12;
/** No hop is more certain to answer than this. */
const certainty = 0.98;

/**
 * Starts to watch a router that the traffic may enter over another link now. A known router that
 * answers from an address it never used may have a renumbered interface; but when the hop in front
 * falls silent at the same moment, another, silent router has taken its place. `after`: start of
 * the last trace of the old route. Takes the first such hop of a trace; null when there is none.
 */
export function openLinkChange(
  observation: Observation,
  table: DeviceTable,
  baseline: Baseline,
  after: number | null,
): LinkChange | null {
  if (baseline.traces < matureTraces) return null;
  const { devices, ingressIndexes } = observation;
  for (let index = 0; index < devices.length; index++) {
    const device = devices[index] as number;
    if (!hasNewIngress(baseline, device, ingressIndexes[index] as number)) continue;
    if (device === destinationDevice || table.list[device]?.router === null) continue;
    const ttl = observation.ttls[index] as number;
    const previousTtl = hopBefore(baseline, ttl);
    if (previousTtl !== null && !observation.ttls.includes(previousTtl)) {
      return { device, ttl, previousTtl, after, evidence: 0, observations: [] };
    }
  }
  return null;
}

function hopBefore(baseline: Baseline, ttl: number): number | null {
  for (let at = ttl - 1; at > 0 && ttl - at <= maxDistanceTtls; at--) {
    const position = baseline.positions[at];
    if (position && position.answered >= minShare * baseline.traces) return at;
  }
  return null;
}

/**
 * Processes the next trace. Returns whether the watch is over: the hop in front answered, or it has
 * certainly gone.
 */
export function updateLinkChange(
  linkChange: LinkChange,
  observation: Observation,
  baseline: Baseline,
): 'open' | 'renumbered' | 'turned' {
  if (observation.ttls.includes(linkChange.previousTtl)) return 'renumbered';
  const index = observation.devices.indexOf(linkChange.device);
  if (index < 0 || observation.ttls[index] !== linkChange.ttl) return 'open';
  const answered = baseline.positions[linkChange.previousTtl]?.answered ?? 0;
  linkChange.evidence -= Math.log(1 - Math.min(certainty, answered / baseline.traces));
  if (linkChange.observations.length < maxObservations) linkChange.observations.push(observation);
  return linkChange.evidence >= linkChangeEvidence ? 'turned' : 'open';
}

/** The baseline without the hop that has gone. */
export function withoutHop(baseline: Baseline, ttl: number, id: number): Baseline {
  const copy: Baseline = { ...structuredClone(baseline), id, explainedTraces: 0 };
  for (const device of Object.keys(copy.positions[ttl]?.devices ?? {}))
    delete copy.seen[Number(device)];
  copy.positions[ttl] = null;
  return copy;
}
