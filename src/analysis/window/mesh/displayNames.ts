import type { MeshPlan, PlannedHost } from '../../../model/test/meshPlan.ts';
import type { Endpoint } from '../../../model/test/test.ts';

/** Finds the host of a plan for an end of a test, by its name or its address. */
export function createHostFinder({ hosts }: MeshPlan): (end: Endpoint) => PlannedHost | undefined {
  const planned = new Map(hosts.map((host) => [host.address, host]));
  return ({ name, address }) => planned.get(name.toLowerCase()) ?? planned.get(address ?? '');
}

/**
 * Gives both ends of a test the display names of the plan; without a plan, tests stay as they are.
 */
export function createTestNamer(
  plan: MeshPlan | null,
): <Each extends { readonly source: Endpoint; readonly destination: Endpoint }>(
  test: Each,
) => Each {
  if (plan === null) return (test) => test;
  const find = createHostFinder(plan);
  const withDisplayName = (end: Endpoint): Endpoint => {
    const displayName = find(end)?.displayName;
    return displayName === undefined || displayName.toLowerCase() === end.name.toLowerCase()
      ? end
      : { ...end, displayName };
  };
  return (test) => ({
    ...test,
    source: withDisplayName(test.source),
    destination: withDisplayName(test.destination),
  });
}
