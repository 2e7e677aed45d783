import type { MeshPlan } from '../../../model/test/meshPlan.ts';
import type { Test } from '../../../model/test/test.ts';
import { createHostFinder } from './displayNames.ts';

/** Finds out whether a plan contains a test: one between its hosts, in its family or in any. */
export function createPlanMatcher(plan: MeshPlan): (test: Test) => boolean {
  const hostOf = createHostFinder(plan);
  const planned = new Set(plan.tests.map(planKey));
  return ({ source, destination, family }) => {
    const [from, to] = [hostOf(source)?.address, hostOf(destination)?.address];
    if (from === undefined || to === undefined) return false;
    const ends = { source: from, destination: to };
    return [family, null].some((each) => planned.has(planKey({ ...ends, family: each })));
  };
}

/** A plan without the tests that are between the same hosts as some others, in the same family. */
export function withoutTests(plan: MeshPlan, tests: readonly Test[]): MeshPlan {
  const hostOf = createHostFinder(plan);
  const left = new Set(
    tests.flatMap(({ source, destination, family }) => {
      const ends = {
        source: hostOf(source)?.address ?? '',
        destination: hostOf(destination)?.address ?? '',
      };
      return [family, null].map((each) => planKey({ ...ends, family: each }));
    }),
  );
  return { ...plan, tests: plan.tests.filter((test) => !left.has(planKey(test))) };
}

function planKey({ source, destination, family }: MeshPlan['tests'][number]): string {
  return JSON.stringify([source, destination, family]);
}
