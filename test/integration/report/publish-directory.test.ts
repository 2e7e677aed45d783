import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ExpectedError } from '../../../src/lib/errors.ts';
import { openSiteWriter } from '../../../src/report/publish/siteWriter.ts';
import { moduleUrl, startChild } from '../../helpers/child.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { first, publish, seen } from './publishing.ts';

describe('the directory of the site', () => {
  const foreign = {
    'robots.txt': 'Disallow: /',
    '.htaccess': 'Require all granted',
    '.gitkeep': '',
  };

  test("keeps the administrator's files, directories and links", () => {
    const out = tempDir();
    for (const [name, body] of Object.entries(foreign)) writeFileSync(join(out, name), body);
    mkdirSync(join(out, 'maps'));
    writeFileSync(join(out, 'maps', 'index.html'), 'a map');
    symlinkSync('/nowhere', join(out, 'other'));
    publish(out, first);
    publish(out, { 'index.html': 'two' });
    expect(readlinkSync(join(out, 'other'))).toBe('/nowhere');
    const mine = { ...foreign, 'maps/index.html': 'a map', 'index.html': 'two' };
    for (const [name, body] of Object.entries(mine)) {
      expect(readFileSync(join(out, name), 'utf8')).toBe(body);
    }
    expect(existsSync(join(out, 'tests'))).toBe(false);
  });

  test.each(['file', 'directory', 'link'])(
    'a foreign %s is an error and stays unchanged',
    (kind) => {
      const out = tempDir();
      const path = join(out, 'index.html');
      if (kind === 'file') writeFileSync(path, 'mine');
      if (kind === 'directory') mkdirSync(path);
      if (kind === 'link') symlinkSync('welcome.html', path);
      const before = lstatSync(path).ino;
      const site = openSiteWriter(out);
      site.write({ path: 'tests/a/index.html', body: 'test a' });
      expect(() => site.write({ path: 'index.html', body: 'one' })).toThrow(ExpectedError);
      expect(lstatSync(path).ino).toBe(before);
      expect(readdirSync(out).sort()).toEqual(['.site', 'index.html']);
      expect(readdirSync(join(out, '.site'))).toEqual(['lock']);
    },
  );

  test('may be a link or lie below one, and can be moved or copied', () => {
    const root = tempDir();
    mkdirSync(join(root, 'srv', 'pstrace'), { recursive: true });
    symlinkSync('srv', join(root, 'www'));
    symlinkSync(join(root, 'srv', 'pstrace'), join(root, 'html'));
    publish(join(root, 'html'), first);
    publish(join(root, 'www', 'pstrace'), { ...first, 'index.html': 'two' });
    expect(lstatSync(join(root, 'html')).isSymbolicLink()).toBe(true);
    expect(seen(join(root, 'www', 'pstrace'))).toEqual({ ...first, 'index.html': 'two' });
    renameSync(join(root, 'srv', 'pstrace'), join(root, 'moved'));
    expect(seen(join(root, 'moved'))).toEqual({ ...first, 'index.html': 'two' });
  });

  test('stays the same during a run, even if a link to it moves', () => {
    const root = tempDir();
    for (const name of ['old', 'new']) mkdirSync(join(root, name));
    symlinkSync('old', join(root, 'html'));
    const site = openSiteWriter(join(root, 'html'));
    rmSync(join(root, 'html'));
    symlinkSync('new', join(root, 'html'));
    for (const [path, body] of Object.entries(first)) site.write({ path, body });
    site.commit();
    expect(seen(join(root, 'old'))).toEqual(first);
    expect(readdirSync(join(root, 'new'))).toEqual([]);
  });

  test('contains relative links to files of the same owner', () => {
    const out = tempDir();
    publish(out, first);
    for (const name of ['index.html', 'tests', 'data', '.site/current']) {
      const link = join(out, name);
      expect(readlinkSync(link).startsWith('/')).toBe(false);
      expect(lstatSync(link).uid).toBe(statSync(link).uid);
    }
  });

  test('is readable for the web server under the usual umask', () => {
    const before = process.umask(0o022);
    const out = join(tempDir(), 'html');
    publish(out, first);
    process.umask(before);
    const page = join(out, 'tests/a/index.html');
    expect(statSync(page).mode & 0o777).toBe(0o644);
    expect(statSync(dirname(page)).mode & 0o777).toBe(0o755);
    expect(statSync(join(out, '.site')).mode & 0o777).toBe(0o755);
  });

  test('that was copied with links followed is an error, and stays unchanged', () => {
    const root = tempDir();
    publish(join(root, 'html'), first);
    cpSync(join(root, 'html'), join(root, 'copy'), { recursive: true, dereference: true });
    const site = openSiteWriter(join(root, 'copy'));
    expect(() => site.write({ path: 'index.html', body: 'two' })).toThrow(
      'exists and was not made by pstrace',
    );
    expect(seen(join(root, 'copy'))).toEqual(first);
  });

  test('that cannot be created gives a plain error', () => {
    const dir = tempDir();
    writeFileSync(join(dir, 'file'), '');
    for (const out of ['file', 'file/html']) {
      expect(() => openSiteWriter(join(dir, out))).toThrow(
        /cannot write the site: (another file has this name|a part of the path)/,
      );
    }
  });

  test('is written by one process at a time', async () => {
    const out = tempDir();
    publish(out, first);
    const child = startChild(`
      import { openSiteWriter } from ${moduleUrl('src/report/publish/siteWriter.ts')};
      openSiteWriter(${JSON.stringify(out)});
      console.log('open');
      process.stdin.resume();
    `);
    expect(await child.line()).toBe('open');
    expect(() => openSiteWriter(out)).toThrow(`(process ${child.process.pid}) is writing the site`);
    expect(seen(out)).toEqual(first);
    await child.kill();
    publish(out, { 'index.html': 'two' });
    expect(seen(out)).toEqual({ 'index.html': 'two' });
  });
});

test.each([
  '../index.html',
  'tests/../../index.html',
  '/etc/passwd',
  'tests//index.html',
  'tests/',
  '',
  '.',
  'tests/./index.html',
  'tests\\..\\index.html',
  'tests/a\0.html',
  'tests/a\nb.html',
  '.site/current/index.html',
  '.htaccess',
  `tests/${'x'.repeat(256)}/index.html`,
])('a path that could lead out of the site is refused: %j', (path) => {
  const out = tempDir();
  publish(out, first);
  const site = openSiteWriter(out);
  expect(() => site.write({ path, body: 'hostile' })).toThrow('not a path within the site');
  site.abort();
  expect(seen(out)).toEqual(first);
});
