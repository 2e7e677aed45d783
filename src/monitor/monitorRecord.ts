import type { Trace } from '../model/trace/trace.ts';
import type { PingStatistics } from '../sources/monitor/pingOutput.ts';
import type { PortResult } from '../sources/monitor/portScan.ts';
import type { MonitorStep } from './watchTarget.ts';

/** The result of one step of the monitor: one statistic of one target. */
export interface MonitorRecord {
  readonly statistic: MonitorStep;
  /** Epoch seconds. */
  readonly at: number;
  /** As in the targets file. */
  readonly host: string;
  /** null when the name could not be resolved. */
  readonly address: string | null;
  /** Id of the test that shows the target on the site. */
  readonly test: string;
  readonly result:
    | { readonly trace: Trace }
    | { readonly ping: PingStatistics }
    | { readonly ports: readonly PortResult[] }
    | { readonly error: string; readonly remedy: string | null };
}
