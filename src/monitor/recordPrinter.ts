import type { Route } from '../model/trace/trace.ts';
import type { Target } from '../sources/targets/target.ts';
import { connvitalsRecord, isSameConnvitalsRoute } from './connvitalsRecord.ts';
import type { MonitorOptions } from './monitorOptions.ts';
import type { MonitorRecord } from './monitorRecord.ts';
import { jsonRecord, textRecord } from './recordText.ts';

/** Where records are printed, and the time, epoch milliseconds. */
export interface PrinterOutput {
  print(line: string): void;
  nowMs(): number;
}

/**
 * Creates a function that prints a record in `format`: `true` selects the form of the target, null
 * prints nothing. Prints a route only when it changes, unless `all`.
 */
export function createRecordPrinter(
  format: MonitorOptions['stdout'] | null,
  all: boolean,
  { print, nowMs }: PrinterOutput,
): (record: MonitorRecord, target: Target) => void {
  const printed = new Map<string, Route>();
  const isSame = format === 'connvitals' ? isSameConnvitalsRoute : isSameRoute;

  /** Whether a record is a route that was printed before. */
  function isRepeated({ test, result }: MonitorRecord): boolean {
    if (!('trace' in result)) return false;
    const previous = printed.get(test);
    if (!all && previous !== undefined && isSame(previous, result.trace.route)) return true;
    printed.set(test, result.trace.route);
    return false;
  }

  function textOf(record: MonitorRecord, target: Target): string | null {
    if (format === 'connvitals') return connvitalsRecord(record, target, nowMs());
    const { json, timestamp } = target.monitor;
    const asJson = format === 'json' || (format === true && json === true);
    return (asJson ? jsonRecord : textRecord)(record, timestamp ?? true);
  }

  return (record, target) => {
    if (format === null || isRepeated(record)) return;
    const text = textOf(record, target);
    if (text !== null) print(text);
  };
}

/**
 * Whether two routes show no difference. A silent hop matches any hop; one common address per hop
 * suffices.
 */
function isSameRoute(one: Route, other: Route): boolean {
  if (one.reached !== other.reached) return false;
  if (one.reached && one.hops.at(-1)?.ttl !== other.hops.at(-1)?.ttl) return false;
  const others = new Map(other.hops.map((hop) => [hop.ttl, hop.addresses]));
  return one.hops.every(({ ttl, addresses }) => {
    const otherAddresses = others.get(ttl) ?? [];
    if (addresses.length === 0 || otherAddresses.length === 0) return true;
    return addresses.some((address) => otherAddresses.includes(address));
  });
}
