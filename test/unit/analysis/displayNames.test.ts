import { expect, it } from 'vitest';
import { createTestNamer } from '../../../src/analysis/window/mesh/displayNames.ts';
import { end } from '../../helpers/mesh.ts';

const host = { organization: null, group: 'g' };
const plan = {
  hosts: [
    { ...host, address: 'a.example.net', displayName: 'Amsterdam' },
    { ...host, address: '2001:db8::2', displayName: 'Berlin' },
    { ...host, address: 'c.example.net', displayName: 'C.example.net' },
  ],
  tests: [],
};

it('both ends of a test get the names of the template, found by host name or address', () => {
  const test = { id: 't', source: end('A.example.net', 1), destination: end('b', 2, 6) };
  expect(createTestNamer(plan)(test)).toEqual({
    id: 't',
    source: { ...test.source, displayName: 'Amsterdam' },
    destination: { ...test.destination, displayName: 'Berlin' },
  });
});

it('an end that already has the name, is in no template, or has no template stays as it is', () => {
  const test = { source: end('c.example.net', 3), destination: end('d', 4) };
  expect(createTestNamer(plan)(test)).toEqual(test);
  expect(createTestNamer(null)(test)).toBe(test);
});
