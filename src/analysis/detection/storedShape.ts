import type { DetectionState, RouteState } from './detectionState.ts';
import type { Observation } from './observation.ts';
import type { StoredPerformance } from './performance/storedPerformance.ts';
import type { Baseline } from './route/baseline.ts';

/**
 * A state between two runs, as plain JSON. Every run reads and writes the states of all tests, so
 * numerous parts have no field names, and what follows from other parts is omitted. Starts of
 * traces have a resolution of 1 ms and round-trip times one of 1 µs, as in the store: whole numbers
 * are faster to read and write than fractions.
 */
export interface StoredState extends Omit<DetectionState, 'devices' | 'route' | 'performance'> {
  readonly version: 5;
  /** By device id. */
  readonly devices: readonly (StoredDevice | null)[];
  /** Former router names of devices that have another name now. */
  readonly routers: readonly (readonly [router: string, device: number])[];
  /** Traces in which a router name answered at two ttls, and names that name no router. */
  readonly repeats: readonly (readonly [router: string, traces: number])[];
  readonly placeholders: readonly string[];
  readonly route: Omit<RouteState, 'baselines' | 'window'> & {
    readonly baselines: readonly StoredBaseline[];
    readonly window: readonly StoredTrace[];
  };
  readonly performance: StoredPerformance;
}

export type StoredDevice = readonly [
  addresses: string[],
  router: string | null,
  place: string | null,
  asn: number | null,
  local: 0 | 1,
];

export type StoredPosition = readonly [
  asked: number,
  answered: number,
  novel: number,
  devices: Record<number, number>,
  turns: readonly [last: number | null, turns: number, repeats: number],
  /** Oldest first, as differences. */
  rttsUs: number[],
];

/** A baseline in compact form; times are differences. */
export type StoredBaseline = Omit<Baseline, 'positions' | 'reachedRttsMs'> & {
  readonly positions: readonly (StoredPosition | null)[];
  readonly reachedRttsUs: readonly number[];
};

/** Four numbers for each answer: ttl, device, ingress index, and round-trip time in µs or null. */
export type StoredTrace = readonly [
  observation: Omit<Observation, 'ttls' | 'devices' | 'ingressIndexes' | 'rttsMs'>,
  answers: readonly (number | null)[],
  deviating: readonly number[],
];
