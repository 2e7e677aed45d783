import { expect, test } from 'vitest';
import { createAdmission } from '../../../../src/pipeline/collect/admitTests.ts';
import { openedStore } from '../../store/openedStore.ts';
import { listedTest } from '../../store/samples.ts';

const { archive } = listedTest('any');

test('an archive brings no more tests than it may have; those that the store has are read', () => {
  const store = openedStore('a', 'b');
  const admission = createAdmission(archive, store, 3);
  const listed = ['x', 'y', 'b', 'a'].map((id) => listedTest(id));
  expect(admission.admit(listed).map(({ id }) => id)).toEqual(['x', 'b', 'a']);
  expect(admission.admit([listedTest('z')])).toEqual([]);
  expect(admission.problems()).toMatchObject([
    { subject: archive, message: 'The archive has more than 3 tests. 2 of them are not read.' },
  ]);
});

test('the tests of another archive take no room', () => {
  const store = openedStore('a', 'b');
  const admission = createAdmission('other.example.net', store, 1);
  expect(admission.admit([listedTest('x')])).toHaveLength(1);
  expect(admission.problems()).toEqual([]);
});
