import { expect, test } from 'vitest';
import { renameFields, renameTexts, upgradeEach } from '../../../src/model/values/renameFields.ts';

const upgrade = renameFields(
  { old: 'new', list: 'items' },
  { list: upgradeEach(renameFields({ a: 'b' })), kind: renameTexts({ no: 'never' }) },
);

test('renames fields, in place, and upgrades their values', () => {
  const upgraded = upgrade({ first: 1, old: 2, list: [{ a: 3 }, 4], kind: 'no', last: { old: 5 } });
  expect(JSON.stringify(upgraded)).toBe(
    '{"first":1,"new":2,"items":[{"b":3},4],"kind":"never","last":{"old":5}}',
  );
});

test('keeps null and zero', () => {
  expect(upgrade({ old: null, list: null, kind: 0 })).toEqual({ new: null, items: null, kind: 0 });
});

test.each([null, 7, 'old', [{ old: 1 }]])('leaves %j as it is', (value) => {
  expect(upgrade(value)).toEqual(value);
});

test('names of the prototype are ordinary names', () => {
  const value = JSON.parse('{"constructor":1,"__proto__":{"old":2},"toString":"no"}');
  expect(JSON.stringify(upgrade(value))).toBe(JSON.stringify(value));
});
