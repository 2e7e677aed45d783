import type { Family } from '../../model/test.ts';
import type { ProbePlan } from '../types.ts';

/** What is to be measured from this host, as a targets file describes it. */
export interface Target extends ProbePlan {
  /** A canonical address, or a host name in lower case. */
  readonly host: string;
  readonly label: string | null;
  readonly group: string | null;
  /** `both`: every family in which the host has an address; null: one family, IPv4 where the host has it. */
  readonly family: Family | 'both' | null;
  readonly monitor: MonitorPlan;
}

/** What the long-running monitor does with a target; a pause is counted from the end of one to the start of the next. */
export interface MonitorPlan {
  /** Between path traces; null for none. */
  readonly tracePauseSeconds: number | null;
  /** Between bursts of pings; null for none. */
  readonly pingPauseSeconds: number | null;
  /** Pings in a burst, and bytes of payload in each. */
  readonly pings: number;
  readonly payloadBytes: number;
  /** Between port scans; null for none. */
  readonly scanPauseSeconds: number | null;
  readonly scanPorts: readonly number[];
  /** How records of this target are printed where the command line leaves it open; null for text, with the time. */
  readonly json: boolean | null;
  readonly timestamp: boolean | null;
}

/** A target of which nothing is known but its host. */
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

/** Path traces every five minutes and nothing else. */
export const defaultMonitorPlan: MonitorPlan = {
  tracePauseSeconds: 300,
  pingPauseSeconds: null,
  pings: 10,
  payloadBytes: 41,
  scanPauseSeconds: null,
  scanPorts: [80, 443],
  json: null,
  timestamp: null,
};
