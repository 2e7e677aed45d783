import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSiteWriter } from '../../../src/report/publish/siteWriter.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { seen } from './publishing.ts';

/**
 * Publishes a front page and a group of two pages; returns whether the group was made, and the
 * counts.
 */
function publishGroup(out: string, fingerprint: string, body: string, program = 'one') {
  const site = openSiteWriter(out, { program });
  let made = false;
  site.write({ path: 'index.html', body: 'front' });
  const paths = ['index', 'history'].map((name) => `tests/a/${name}.html`);
  site.writeGroup({
    name: 'a',
    fingerprint,
    paths,
    make() {
      made = true;
      return paths.map((path) => ({ path, body }));
    },
  });
  return { made, ...site.commit() };
}

test('pages from the same input are not made again and stay the same files', () => {
  const out = tempDir();
  expect(publishGroup(out, 'x', 'first')).toMatchObject({ made: true, written: 3 });
  const { ino } = statSync(join(out, 'tests/a/history.html'));
  for (let run = 0; run < 3; run++) {
    expect(publishGroup(out, 'x', 'never')).toEqual({
      ...{ made: false, written: 0, unchanged: 3, removed: 0 },
    });
  }
  expect(statSync(join(out, 'tests/a/history.html')).ino).toBe(ino);
  expect(seen(out)).toMatchObject({ 'tests/a/index.html': 'first' });
});

test('pages from other input are made again', () => {
  const out = tempDir();
  publishGroup(out, 'x', 'first');
  expect(publishGroup(out, 'y', 'other')).toMatchObject({ made: true, written: 2, unchanged: 1 });
  expect(seen(out)).toMatchObject({ 'tests/a/index.html': 'other' });
});

test('another program makes all pages again', () => {
  const out = tempDir();
  publishGroup(out, 'x', 'first');
  expect(publishGroup(out, 'x', 'second', 'two').made).toBe(true);
  expect(publishGroup(out, 'x', 'never', 'two').made).toBe(false);
  expect(seen(out)).toMatchObject({ 'tests/a/history.html': 'second' });
});

test.each(['', 'fir'])('a page that a power failure left as %j is repaired', (left) => {
  const out = tempDir();
  publishGroup(out, 'x', 'first');
  writeFileSync(join(out, 'tests/a/history.html'), left);
  expect(publishGroup(out, 'x', 'first')).toMatchObject({ made: true, written: 1, unchanged: 2 });
  expect(readFileSync(join(out, 'tests/a/history.html'), 'utf8')).toBe('first');
});

test.each(['', '{"program":"one","gro', 'null'])(
  'what a power cut left of the record, %j, counts for nothing',
  (left) => {
    const out = tempDir();
    publishGroup(out, 'x', 'first');
    writeFileSync(join(out, '.site/current/.groups.json'), left);
    expect(publishGroup(out, 'x', 'first')).toMatchObject({ made: true, written: 0, unchanged: 3 });
  },
);

test('pages of a group that is no longer written are removed', () => {
  const out = tempDir();
  publishGroup(out, 'x', 'first');
  const site = openSiteWriter(out, { program: 'one' });
  site.write({ path: 'index.html', body: 'front' });
  expect(site.commit()).toEqual({ written: 0, unchanged: 1, removed: 2 });
  expect(publishGroup(out, 'x', 'again').made).toBe(true);
});

test('a group that makes other pages than announced is an error', () => {
  const site = openSiteWriter(tempDir());
  const group = { name: 'a', fingerprint: 'x', paths: ['tests/a/index.html'] };
  const make = () => [{ path: 'tests/b/index.html', body: '' }];
  expect(() => site.writeGroup({ ...group, make })).toThrow('not a page of a');
});
