import type { Family } from '../../model/test/test.ts';
import type { ProbePlan } from '../types.ts';

/** A target of local measurements, as a targets file describes it. */
export interface Target extends ProbePlan {
  /** A canonical address, or a host name in lower case. */
  readonly host: string;
  readonly label: string | null;
  readonly group: string | null;
  /** `both`: every family in which the host has an address; null: IPv4 if it has one, else IPv6. */
  readonly family: Family | 'both' | null;
  readonly monitor: MonitorPlan;
}

/** Activities of the monitor. A pause is from the end of one to the start of the next. */
export interface MonitorPlan {
  /** Between traces; null for no traces. */
  readonly tracePauseSeconds: number | null;
  /** Between bursts of pings; null for no pings. */
  readonly pingPauseSeconds: number | null;
  /** Pings in a burst, and bytes of payload in each. */
  readonly pings: number;
  readonly payloadBytes: number;
  /** Between the pings of a burst. */
  readonly pingIntervalSeconds: number;
  /** Between port scans; null for no scans. */
  readonly scanPauseSeconds: number | null;
  readonly scanPorts: readonly number[];
  /** Format of records unless the command line sets it; null for text, with the time. */
  readonly json: boolean | null;
  readonly timestamp: boolean | null;
}

/** A target with all defaults. */
export function defaultTarget(host: string): Target {
  return {
    host,
    label: null,
    group: null,
    family: null,
    protocol: 'icmp',
    port: null,
    packets: 10,
    packetBytes: null,
    maxTtl: 30,
    probeIntervalSeconds: 1,
    monitor: defaultMonitorPlan,
  };
}

/** Traces every five minutes and nothing else. */
export const defaultMonitorPlan: MonitorPlan = {
  tracePauseSeconds: 300,
  pingPauseSeconds: null,
  pings: 10,
  payloadBytes: 41,
  pingIntervalSeconds: 0.2,
  scanPauseSeconds: null,
  scanPorts: [80, 443],
  json: null,
  timestamp: null,
};
