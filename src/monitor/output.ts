import type { Route } from '../model/trace.ts';
import type { MonitorPlan } from '../sources/targets/target.ts';
import type { MonitorOptions } from './monitorOptions.ts';
import type { MonitorRecord } from './record.ts';
import { jsonRecord, textRecord } from './text.ts';

/**
 * Prints records as they come: in the given form, for `true` in that of the target, for null not at all. A route that has not
 * changed is printed only once, unless `all`.
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

/** Whether nothing is seen that differs: silent hops agree with everything, and of several addresses one has to be the same. */
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
