import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  isWithinSelection,
  matchesGlob,
  matchesTest,
  selectedBy,
} from '../../../src/model/test/selection.ts';
import { testOf } from '../../helpers/notify/samples.ts';

test.each([
  ['*', '', true],
  ['a*c', 'abbc', true],
  ['a*c', 'ac', true],
  ['a*c', 'acb', false],
  ['*.example.net', 'cr1.ams.Example.NET', true],
  ['*.example.net', 'example.net', false],
  ['a*b*a', 'aba', true],
  ['a*b*a', 'ab', false],
  ['a.b', 'axb', false],
  ['', '', true],
  ['', 'a', false],
])('%s fits %s: %s', (pattern, text, expected) => {
  expect(matchesGlob(pattern, text)).toBe(expected);
});

test('a pattern fits what a regular expression of the same meaning fits', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
  fc.assert(
    fc.property(letters, letters, (pattern, text) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '[\\s\\S]*')}$`);
      expect(matchesGlob(pattern, text)).toBe(expression.test(text));
    }),
  );
});

test('a pattern of a thousand stars takes no time', () => {
  expect(matchesGlob('a*'.repeat(1000), 'a'.repeat(900))).toBe(false);
});

test.each([
  ['a-b', true],
  ['a.example.net', true],
  ['192.0.2.2', true],
  ['c*', false],
  ['a.* > b.*', true],
  ['192.0.2.1>*', true],
  ['* > a.*', false],
  ['a > b > c', false],
])('%s selects the test from a to b: %s', (pattern, expected) => {
  expect(matchesTest(pattern, testOf('a', 'b'))).toBe(expected);
});

const groups = [
  { name: 'core', tests: ['a.example.net'] },
  { name: 'edge', tests: ['c.example.net'] },
];

test.each([
  [{ tests: [], groups: [] }, 'all', true],
  [{ tests: ['a.*'], groups: [] }, 'test', true],
  [{ tests: ['c.*'], groups: [] }, null, false],
  [{ tests: [], groups: ['core'] }, 'group', true],
  [{ tests: [], groups: ['edge'] }, null, false],
  [{ tests: [], groups: ['unknown'] }, null, false],
  [{ tests: ['a.*'], groups: ['edge'] }, 'test', false],
  [{ tests: ['c.*'], groups: ['core'] }, 'group', false],
  [{ tests: ['a.*'], groups: ['core'] }, 'test', true],
])('%j concerns the test from a to b by %s; as a restriction: %s', (selection, by, within) => {
  expect(selectedBy(selection, testOf('a', 'b'), groups)).toBe(by);
  expect(isWithinSelection(selection, testOf('a', 'b'), groups)).toBe(within);
});
