import type { Route } from '../model/trace.ts';
import type { MonitorPlan } from '../sources/targets/target.ts';
import type { MonitorOptions } from './monitorOptions.ts';
import type { MonitorRecord } from './monitorRecord.ts';
import { jsonRecord, textRecord } from './recordText.ts';

/**
 * Creates a function that prints a record in `format`: `true` selects the form of the target, null
 * prints nothing. Prints a route only when it changes, unless `all`.
 */
export function createRecordPrinter(
  format: MonitorOptions['stdout'] | null,
  all: boolean,
  print: (line: string) => void,
): (record: MonitorRecord, plan: MonitorPlan) => void {
  const printed = new Map<string, Route>();
  return (record, { json, timestamp }) => {
    if (format === null) return;
    const { test, result } = record;
    if ('trace' in result) {
      const previous = printed.get(test);
      if (!all && previous !== undefined && isSameRoute(previous, result.trace.route)) return;
      printed.set(test, result.trace.route);
    }
    const asJson = format === 'json' || (format === true && json === true);
    print((asJson ? jsonRecord : textRecord)(record, timestamp ?? true));
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
