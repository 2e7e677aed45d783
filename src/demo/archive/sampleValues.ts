import type { DemoTest } from '../demoMesh.ts';
import type { DemoRun } from '../schedule.ts';
import type { Simulation } from '../simulation.ts';
import type { TracedHop } from '../traceRun.ts';
import type { ArchiveDialect } from './response.ts';
import { metadataKey } from './testMetadata.ts';

/** One element of a data response. */
export interface ArchiveSample {
  readonly ts: number;
  readonly val: unknown;
}

/** Event types that a trace test can have. */
export const traceEventTypes: readonly string[] = [
  'failures',
  'packet-trace',
  'packet-trace-multi',
  'path-mtu',
  'pscheduler-run-href',
];

/** Whether a run has a value of an event type, without tracing it. */
export function hasValue(
  eventType: string,
  test: DemoTest,
  run: DemoRun,
  dialect: ArchiveDialect,
): boolean {
  const hasSucceeded = run.failure === null;
  switch (eventType) {
    case 'failures':
      return !hasSucceeded;
    case 'packet-trace':
      return hasSucceeded;
    case 'packet-trace-multi':
      return hasSucceeded && (dialect === 'elmond' || test.tool === 'paris-traceroute');
    case 'path-mtu':
      return hasSucceeded && test.tool === 'tracepath';
    default:
      return hasSucceeded || dialect === 'esmond';
  }
}

/** The value of an event type of a run, in the form of pScheduler's archivers. */
export function sampleValue(
  eventType: string,
  simulation: Simulation,
  test: DemoTest,
  run: DemoRun,
  dialect: ArchiveDialect,
): unknown {
  const hops = (): readonly TracedHop[] => simulation.trace(test, run);
  switch (eventType) {
    case 'failures':
      return { error: run.failure };
    case 'packet-trace':
      return hops().map(hopRecord);
    case 'packet-trace-multi':
      return [hops().map(hopRecord)];
    case 'path-mtu':
      return Math.min(...hops().map((hop) => hop.mtu ?? Number.POSITIVE_INFINITY));
    default:
      return runHref(test, run, dialect);
  }
}

/** A hop in pScheduler's form. */
interface HopRecord {
  as?: TracedHop['as'];
  'error-message'?: string;
  hostname?: string;
  ip?: string;
  mtu?: number;
  query?: number;
  rtt?: number;
  success?: number;
  ttl?: number;
}

/**
 * A silent hop is a success without an address, an ICMP error a failure with one. Keys are in
 * elmond's order.
 */
function hopRecord(hop: TracedHop, index: number): HopRecord {
  const record: HopRecord = {};
  if (hop.as !== null) record.as = hop.as;
  if (hop.error !== null) record['error-message'] = hop.error;
  if (hop.hostname !== null) record.hostname = hop.hostname;
  if (hop.address !== null) record.ip = hop.address;
  if (hop.mtu !== null) record.mtu = hop.mtu;
  record.query = 1;
  if (hop.rttMs !== null) record.rtt = hop.rttMs;
  record.success = hop.error === null ? 1 : 0;
  record.ttl = index + 1;
  return record;
}

function runHref(test: DemoTest, run: DemoRun, dialect: ArchiveDialect): unknown {
  const task = metadataKey(test, 'esmond').slice(0, 8);
  const href = `https://${test.source.host}/pscheduler/tasks/${task}/runs/${run.seed.toString(16)}`;
  return dialect === 'esmond' ? { href } : href;
}
