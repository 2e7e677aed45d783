import { expect, it } from 'vitest';
import { applyPlan } from '../../../src/analysis/window/mesh/applyPlan.ts';
import type { PlannedTest } from '../../../src/model/test/meshPlan.ts';
import { cell, end, mesh } from '../../helpers/mesh.ts';

const [a, b, b6, z] = [end('a', 1), end('b', 2), end('b', 2, 6), end('z', 9)];

function plan(hosts: readonly string[], tests: readonly PlannedTest[] = []) {
  const host = (address: string) => ({
    address,
    displayName: address.toUpperCase(),
    organization: null,
    group: 'g',
  });
  return { hosts: hosts.map(host), tests };
}

function promised(source: string, destination: string, family: 4 | 6 | null = null): PlannedTest {
  return { source, destination, family };
}

it('hosts come in the order of the plan, others after them, and carry its names', () => {
  const { sources, labels } = applyPlan(mesh([a, b, z], []), plan(['z', 'b']));
  expect(sources).toEqual([z, b, a]);
  expect(labels?.get('192.0.2.9')?.displayName).toBe('Z');
  expect(labels?.get('192.0.2.1')).toBeUndefined();
});

it('a planned test that no archive knows is an untested cell between the known hosts', () => {
  const found = applyPlan(mesh([a, b], [cell(a, b)]), plan(['a', 'b'], [promised('b', 'a')]));
  expect(found.cells).toHaveLength(2);
  expect(found.cells[1]).toMatchObject({
    source: '192.0.2.2',
    destination: '192.0.2.1',
    state: 'untested',
    testIds: [],
  });
});

it('a host without any result has a row and a column of its own', () => {
  const tests = [promised('a', 'new.example.net'), promised('new.example.net', 'a')];
  const found = applyPlan(mesh([a], []), plan(['a', 'new.example.net'], tests));
  expect(found.sources.map(({ name }) => name)).toEqual(['a', 'new.example.net']);
  expect(found.destinations).toHaveLength(2);
  expect(found.labels?.get('new.example.net')?.displayName).toBe('NEW.EXAMPLE.NET');
});

it('a test of any family fulfills the plan unless the template pins one', () => {
  const known = mesh([a, b, b6], [cell(a, b)]);
  expect(applyPlan(known, plan(['a', 'b'], [promised('a', 'b')])).cells).toHaveLength(1);
  const pinned = applyPlan(known, plan(['a', 'b'], [promised('a', 'b', 6)]));
  expect(pinned.cells[1]).toMatchObject({ destination: '2001:db8::2', family: 6 });
});

it('hosts are recognized by address where archives give other names', () => {
  const { labels } = applyPlan(mesh([a], []), plan(['192.0.2.1']));
  expect(labels?.get('192.0.2.1')?.displayName).toBe('192.0.2.1');
});
