import { endpointId, type Test } from '../model/test/test.ts';

interface HostPairGroup<Each> {
  readonly tests: Each[];
  readonly keys: string[];
}

/**
 * Groups tests between the same two hosts, whatever their direction, family or tool: those with the
 * same two names or the same two addresses. The order of groups and of tests within them is that of
 * the tests.
 */
export function groupByHostPair<Each extends Test>(tests: readonly Each[]): Each[][] {
  const groups = new Map<string, HostPairGroup<Each>>();
  for (const test of tests) {
    const { source, destination } = test;
    const names = pairKey('names', source.name, destination.name);
    const addresses = pairKey('addresses', endpointId(source), endpointId(destination));
    const group = mergeGroups(groups, names, addresses);
    group.tests.push(test);
  }
  const order = new Map(tests.map((test, index) => [test, index]));
  const byOrder = (a: Each, b: Each) => (order.get(a) ?? 0) - (order.get(b) ?? 0);
  const sorted = [...new Set(groups.values())].map((group) => group.tests.sort(byOrder));
  return sorted.sort(([a], [b]) => (a && b ? byOrder(a, b) : 0));
}

function pairKey(kind: string, one: string, other: string): string {
  return JSON.stringify([kind, ...[one, other].sort()]);
}

/** Returns the group of either key; two groups that meet become one. */
function mergeGroups<Each>(
  groups: Map<string, HostPairGroup<Each>>,
  one: string,
  other: string,
): HostPairGroup<Each> {
  const found = groups.get(one) ?? groups.get(other) ?? { tests: [], keys: [] };
  const second = groups.get(other) ?? found;
  if (second !== found) {
    for (const test of second.tests) found.tests.push(test);
    for (const key of second.keys) assign(groups, key, found);
  }
  assign(groups, one, found);
  assign(groups, other, found);
  return found;
}

function assign<Each>(
  groups: Map<string, HostPairGroup<Each>>,
  key: string,
  group: HostPairGroup<Each>,
): void {
  if (groups.get(key) === group) return;
  groups.set(key, group);
  group.keys.push(key);
}
