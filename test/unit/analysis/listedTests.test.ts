import { expect, it } from 'vitest';
import { addListedTests } from '../../../src/analysis/window/mesh/addListedTests.ts';
import { applyPlan } from '../../../src/analysis/window/mesh/applyPlan.ts';
import type { Endpoint, Test } from '../../../src/model/test/test.ts';
import { cell, end, mesh } from '../../helpers/mesh.ts';

const [a, b, c] = [end('a', 1), end('b', 2), end('c', 3)];

function listed(source: Endpoint, destination: Endpoint, over: Partial<Test> = {}): Test {
  return {
    id: `${source.name}_${destination.name}`,
    archive: 'ma.example.net',
    key: '0',
    tool: 'traceroute',
    source,
    destination,
    family: 4,
    intervalSeconds: null,
    taskName: null,
    parameters: {},
    ...over,
  };
}

it('adds an untested cell for a listed test, with its ends in the order of names', () => {
  const found = addListedTests(mesh([a, c], [cell(a, c)]), [listed(b, a)]);
  expect(found.cells).toHaveLength(2);
  expect(found.cells[1]).toMatchObject({
    source: '192.0.2.2',
    destination: '192.0.2.1',
    state: 'untested',
    stateReason: 'The archive ma.example.net lists this test but has no result of it yet.',
    testIds: [],
  });
  expect(found.sources).toEqual([a, b, c]);
  expect(found.destinations).toEqual([a, c]);
});

it('leaves a pair alone whose other test has results', () => {
  const known = mesh([a, c], [cell(a, c)]);
  const tests = [listed(a, c), listed(a, c, { tool: 'tracepath' })];
  expect(addListedTests(known, tests).cells).toEqual(known.cells);
});

it('adds one cell for several tests of a pair, and one for each family', () => {
  const tests = [listed(a, b), listed(a, b, { tool: 'tracepath' }), listed(a, b, { family: 6 })];
  const { cells } = addListedTests(mesh([], []), tests);
  expect(cells.map(({ family }) => family)).toEqual([4, 6]);
});

it('shows a listed test that a template promises once', () => {
  const host = (address: string) => ({
    address,
    displayName: address,
    organization: null,
    group: '',
  });
  const plan = {
    hosts: [host('b'), host('a')],
    tests: [{ source: 'b', destination: 'a', family: null }],
  };
  const found = applyPlan(addListedTests(mesh([], []), [listed(b, a)]), plan);
  expect(found.cells).toHaveLength(1);
  expect(found.sources).toEqual([b]);
});
