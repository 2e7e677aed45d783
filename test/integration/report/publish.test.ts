import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openSiteWriter } from '../../../src/report/publish/siteWriter.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { first, publish, seen } from './publishing.ts';

/** Sets an old modification time, so that a rewritten file is noticed. */
function age(path: string): void {
  utimesSync(path, 1_700_000_000, 1_700_000_000);
}

describe('a site', () => {
  test('is visible only when complete', () => {
    const out = join(tempDir(), 'deep', 'html');
    const site = openSiteWriter(out);
    for (const [path, body] of Object.entries(first)) site.write({ path, body });
    expect(seen(out)).toEqual({});
    expect(site.commit()).toEqual({ written: 4, unchanged: 0, removed: 0 });
    expect(seen(out)).toEqual(first);
  });

  test('is replaced as a whole, including binary pages', () => {
    const out = tempDir();
    publish(out, first);
    const site = openSiteWriter(out);
    site.write({ path: 'index.html', body: Uint8Array.from([60, 104, 49, 62]) });
    site.write({ path: 'assets/style.css', body: 'body {}' });
    expect(seen(out)).toEqual(first);
    expect(site.commit()).toEqual({ written: 2, unchanged: 0, removed: 3 });
    expect(seen(out)).toEqual({ 'index.html': '<h1>', 'assets/style.css': 'body {}' });
  });

  test('keeps the file of an unchanged page, with its inode and modification time', () => {
    const out = tempDir();
    publish(out, first);
    const page = join(out, 'tests/a/index.html');
    age(page);
    const { ino } = statSync(page);
    for (const title of ['two', 'three', 'four']) {
      const result = publish(out, { ...first, 'index.html': title });
      expect(result).toEqual({ written: 1, unchanged: 3, removed: 0 });
      expect(statSync(page)).toMatchObject({ ino, mtimeMs: 1_700_000_000_000 });
      expect(readFileSync(join(out, 'index.html'), 'utf8')).toBe(title);
    }
  });

  test('distinguishes a page of the same length with other bytes', () => {
    const out = tempDir();
    publish(out, first);
    const result = publish(out, { ...first, 'tests/a/index.html': 'test A' });
    expect(result).toEqual({ written: 1, unchanged: 3, removed: 0 });
    expect(readFileSync(join(out, 'tests/a/index.html'), 'utf8')).toBe('test A');
  });

  test('repairs a page that something else emptied', () => {
    const out = tempDir();
    publish(out, first);
    writeFileSync(join(out, 'tests/a/index.html'), '');
    publish(out, first);
    expect(seen(out)).toEqual(first);
  });

  test('removes pages that are not written again, and dangling names at the top', () => {
    const out = tempDir();
    publish(out, { ...first, 'topology.html': 'graph' });
    const kept = { 'index.html': 'two', 'tests/b/index.html': 'test b' };
    expect(publish(out, kept)).toEqual({ written: 1, unchanged: 1, removed: 3 });
    expect(seen(out)).toEqual(kept);
    expect(existsSync(join(out, 'tests/a'))).toBe(false);
    expect(readdirSync(out).sort()).toEqual(['.site', 'index.html', 'tests']);
  });

  test('keeps the other pages when only some are written', () => {
    const out = tempDir();
    publish(out, first);
    age(join(out, 'tests/b/index.html'));
    const result = publish(out, { 'index.html': 'stale' }, { retainOtherPages: true });
    expect(result).toEqual({ written: 1, unchanged: 3, removed: 0 });
    expect(seen(out)).toEqual({ ...first, 'index.html': 'stale' });
    expect(statSync(join(out, 'tests/b/index.html')).mtimeMs).toBe(1_700_000_000_000);
  });

  test('stays as it is after an abort, and another can be written', () => {
    const out = tempDir();
    publish(out, first);
    const site = openSiteWriter(out);
    site.write({ path: 'index.html', body: 'half' });
    site.abort();
    site.abort();
    expect(seen(out)).toEqual(first);
    expect(readdirSync(join(out, '.site')).sort()).toEqual(['1', 'current', 'lock']);
    expect(() => site.write({ path: 'index.html', body: 'late' })).toThrow('closed');
    expect(() => site.commit()).toThrow('closed');
    publish(out, { 'index.html': 'two' }).written;
    expect(seen(out)).toEqual({ 'index.html': 'two' });
  });

  test('keeps no releases before the last one', () => {
    const out = tempDir();
    for (const title of ['1', '2', '3', '4']) publish(out, { 'index.html': title });
    expect(readdirSync(join(out, '.site')).sort()).toEqual(['3', '4', 'current', 'lock']);
  });

  test('a page written twice is a bug and never changes the old site', () => {
    const out = tempDir();
    publish(out, first);
    const site = openSiteWriter(out);
    site.write({ path: 'index.html', body: first['index.html'] });
    expect(() => site.write({ path: 'index.html', body: 'other' })).toThrow('written twice');
    expect(seen(out)).toEqual(first);
  });
});
