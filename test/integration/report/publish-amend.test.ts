import { readdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { acquireLock } from '../../../src/lib/lock.ts';
import { amendSite } from '../../../src/report/publish/amend.ts';
import { openSiteWriter } from '../../../src/report/publish/siteWriter.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { first, publish, seen } from './publishing.ts';

const better = [{ path: 'index.html', body: '<h1>told</h1>' }];
const amended = { ...first, 'index.html': '<h1>told</h1>' };

test('a page put in the place of another leaves no trace beside it, also where the site is behind a link', () => {
  const out = tempDir();
  publish(out, first);
  const link = join(tempDir(), 'html');
  symlinkSync(out, link);
  amendSite(link, better);
  expect(seen(out)).toEqual(amended);
  const names = readdirSync(join(out, '.site', 'current'));
  expect(names.sort()).toEqual(['.groups.json', 'data', 'index.html', 'tests']);
});

test('whoever reads the page at that moment, or the site before, has what was there', () => {
  const out = tempDir();
  publish(out, first);
  const before = realpathSync(join(out, '.site', 'current'));
  publish(out, first);
  amendSite(out, better);
  expect(readFileSync(join(before, 'index.html'), 'utf8')).toBe(first['index.html']);
  expect(seen(out)).toEqual(amended);
});

test('a page that the site does not have is not added to it', () => {
  const out = tempDir();
  publish(out, first);
  amendSite(out, [{ path: 'tests/a/status.html', body: 'told' }]);
  expect(seen(out)).toEqual(first);
});

test('a site that another process writes is left to it', () => {
  const out = tempDir();
  publish(out, first);
  const lock = acquireLock(join(out, '.site', 'lock'));
  amendSite(out, better);
  expect(seen(out)).toEqual(first);
  lock?.release();
  amendSite(out, better);
  expect(seen(out)).toEqual(amended);
});

test('the next site is compared with the page that took the place', () => {
  const out = tempDir();
  publish(out, first);
  amendSite(out, better);
  const site = openSiteWriter(out);
  for (const [path, body] of Object.entries(amended)) site.write({ path, body });
  expect(site.commit()).toEqual({ written: 0, unchanged: 4, removed: 0 });
});
