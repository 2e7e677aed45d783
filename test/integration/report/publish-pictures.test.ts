import { existsSync, mkdirSync, readFileSync, statSync, truncateSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openSiteWriter } from '../../../src/report/publish/siteWriter.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { makeUndeletable } from '../../helpers/undeletable.ts';
import { publish, seen } from './publishing.ts';

const day = 86_400;
const now = 1_795_219_200;
const drawing = { svg: '<svg/>', text: 'a trace' };
const page = { path: 'index.html', body: 'hello' };

/** Publishes a site with pictures; returns the paths of those that were drawn. */
function draw(out: string, paths: readonly string[], kept = true, before = now - 30 * day) {
  const site = openSiteWriter(out, { retainPictures: kept });
  site.write(page);
  const drawn = paths.filter((path) => {
    const picture = vi.fn(() => drawing);
    expect(site.writePicture(path, picture)).toBe(true);
    return picture.mock.calls.length > 0;
  });
  site.commit({ pictures: { before, now } });
  return drawn;
}

const [first, second] = [`routes/a/${now - day}`, `routes/b/${now - 2 * day}.5`];

test('a picture is drawn once and has the same path in every site', () => {
  const out = tempDir();
  expect(draw(out, [first])).toEqual([first]);
  expect(draw(out, [first, second])).toEqual([second]);
  expect(draw(out, [])).toEqual([]);
  expect(seen(out)).toMatchObject({
    'index.html': 'hello',
    [`${first}.svg`]: '<svg/>',
    [`${first}.txt`]: 'a trace',
    [`${second}.svg`]: '<svg/>',
  });
});

test('without anything to draw there is no picture, and without pictures no folder', () => {
  const out = tempDir();
  const site = openSiteWriter(out);
  site.write(page);
  expect(site.writePicture(first, () => null)).toBe(false);
  site.commit();
  expect(Object.keys(seen(out))).toEqual(['index.html']);
  publish(out, { 'index.html': 'again' });
  expect(existsSync(join(out, 'routes'))).toBe(false);
});

test('a picture that a power failure emptied is drawn again', () => {
  const out = tempDir();
  draw(out, [first]);
  const file = join(out, `${first}.svg`);
  truncateSync(file);
  expect(draw(out, [first])).toEqual([first]);
  expect(readFileSync(file, 'utf8')).toBe('<svg/>');
});

test('pictures are pruned with their traces, except those that pages still show', () => {
  const out = tempDir();
  draw(out, [first, second]);
  // Pruning runs once a day.
  utimesSync(join(out, '.site/routes-pruned'), now - day, now - day);
  draw(out, [first], true, now);
  expect(existsSync(join(out, `${first}.svg`))).toBe(true);
  expect(existsSync(join(out, `${second}.svg`))).toBe(false);
  expect(existsSync(join(out, '.site/routes/b'))).toBe(false);
});

test('with masking, pictures are drawn for each site, and earlier ones are removed', () => {
  const out = tempDir();
  draw(out, [first, second]);
  expect(draw(out, [first], false)).toEqual([first]);
  expect(draw(out, [first], false)).toEqual([first]);
  expect(Object.keys(seen(out)).sort()).toEqual(['index.html', `${first}.svg`, `${first}.txt`]);
  expect(existsSync(join(out, '.site/routes'))).toBe(false);
  const { ino } = statSync(join(out, `${first}.svg`));
  draw(out, [first], false);
  expect(statSync(join(out, `${first}.svg`)).ino).toBe(ino);
});

test('of each test, the newest pictures stay, and all that the site shows', () => {
  const out = tempDir();
  const paths = Array.from({ length: 520 }, (_, index) => `routes/a/${now - 60 * index}`);
  draw(out, paths);
  utimesSync(join(out, '.site/routes-pruned'), now - 2 * day, now - 2 * day);
  const oldest = paths.at(-1) ?? '';
  draw(out, [oldest]);
  const kept = paths.filter((path) => existsSync(join(out, `${path}.svg`)));
  expect(kept).toEqual([...paths.slice(0, 500), oldest]);
});

test.each(['1', 'routes'])(
  'of what has to be hidden now, all is removed but an undeletable .site/%s, which is reported',
  (left) => {
    const out = tempDir();
    draw(out, [first]);
    const folder = join(out, '.site', left, 'held');
    mkdirSync(folder);
    const release = makeUndeletable(folder);
    let isHeld = true;
    onTestFinished(() => {
      if (isHeld) release();
    });
    const hide = () => {
      const site = openSiteWriter(out, { retainPictures: false, hiding: 'hosts' });
      site.write(page);
      expect(site.leftovers).toEqual([]);
      site.commit({ pictures: { before: now, now } });
      return site.leftovers.map(({ kind, subject }) => ({ kind, subject }));
    };
    expect(hide()).toEqual([{ kind: 'store', subject: join(out, '.site', left) }]);
    const other = left === '1' ? 'routes' : '1';
    expect(existsSync(join(out, '.site', other))).toBe(false);
    expect(existsSync(join(out, 'routes'))).toBe(false);
    release();
    isHeld = false;
    expect(hide()).toEqual([]);
    expect(existsSync(join(out, '.site', left))).toBe(false);
  },
);
