import {
  chmodSync,
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
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ExpectedError } from '../../../src/lib/errors.ts';
import { openSiteWriter } from '../../../src/report/publish/siteWriter.ts';
import { moduleUrl, startChild } from '../../helpers/child.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { makeUndeletable } from '../../helpers/undeletable.ts';
import { first, publish, seen } from './publishing.ts';

function withUmask(umask: number, work: () => void): void {
  const before = process.umask(umask);
  try {
    work();
    expect(process.umask()).toBe(umask);
  } finally {
    process.umask(before);
  }
}

/** The modes of the pages and of the folders in a folder, without the private lock. */
function modesIn(folder: string): { files: string[]; folders: string[] } {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const modes = (chosen: typeof entries) => {
    const paths = chosen.map(({ parentPath, name }) => join(parentPath, name));
    return [...new Set(paths.map((path) => (statSync(path).mode & 0o777).toString(8)))];
  };
  return {
    files: modes(entries.filter((entry) => entry.isFile() && !entry.name.startsWith('lock'))),
    folders: [...modes(entries.filter((entry) => entry.isDirectory()))],
  };
}

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

  test.each([0o022, 0o077, 0o000])('is readable for the web server with the umask %o', (umask) => {
    const out = join(tempDir(), 'html');
    withUmask(umask, () => publish(out, first));
    expect(modesIn(out)).toEqual({ files: ['644'], folders: ['755'] });
    expect(statSync(join(out, '.site/lock')).mode & 0o777).toBe(0o600);
  });

  test('gets the modes of the configuration, pages and pictures of earlier sites included', () => {
    const out = tempDir();
    const write = (pageMode: number, index: string) => {
      const site = openSiteWriter(out, { pageMode });
      site.write({ path: 'tests/a/index.html', body: 'unchanged' });
      site.write({ path: 'index.html', body: index });
      site.writePicture('routes/a/1', () => ({ svg: '<svg/>', text: 'route' }));
      site.commit();
    };
    const inode = () => statSync(join(out, 'tests/a/index.html')).ino;
    withUmask(0o022, () => write(0o640, 'one'));
    expect(modesIn(join(out, '.site'))).toEqual({ files: ['640'], folders: ['750'] });
    const before = inode();
    withUmask(0o077, () => write(0o644, 'two'));
    expect(modesIn(join(out, '.site'))).toEqual({ files: ['644'], folders: ['755'] });
    expect(inode()).toBe(before);
  });

  test('passes the group of a folder on, also when modes change', () => {
    const out = tempDir();
    publish(out, first);
    chmodSync(join(out, '.site/1'), 0o2700);
    chmodSync(join(out, '.site/1/tests'), 0o2700);
    publish(out, { ...first, 'index.html': 'two' });
    expect(statSync(join(out, '.site/1/tests')).mode & 0o7777).toBe(0o2755);
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

  test.each(['directory', 'dangling link', 'file'])(
    'in which the link to the pages is a %s is put right',
    (kind) => {
      const out = tempDir();
      publish(out, first);
      const current = join(out, '.site/current');
      if (kind === 'directory') {
        cpSync(join(out, '.site/1'), join(out, 'copy'), { recursive: true });
        rmSync(current);
        renameSync(join(out, 'copy'), current);
      } else rmSync(current);
      if (kind === 'dangling link') symlinkSync('77', current);
      if (kind === 'file') writeFileSync(current, '');
      publish(out, { ...first, 'index.html': 'two' });
      expect(seen(out)).toEqual({ ...first, 'index.html': 'two' });
      expect(lstatSync(current).isSymbolicLink()).toBe(true);
      publish(out, { ...first, 'index.html': 'three' });
      expect(seen(out)).toEqual({ ...first, 'index.html': 'three' });
    },
  );

  test('shows the copied pages until the next site is complete', () => {
    const out = tempDir();
    publish(out, first);
    cpSync(join(out, '.site/1'), join(out, 'copy'), { recursive: true });
    rmSync(join(out, '.site/current'));
    renameSync(join(out, 'copy'), join(out, '.site/current'));
    const site = openSiteWriter(out);
    expect(seen(out)).toEqual(first);
    site.abort();
    expect(seen(out)).toEqual(first);
  });

  test('in which the folder of the pages is a link is refused; what is behind it stays', () => {
    const [out, elsewhere] = [tempDir(), tempDir()];
    mkdirSync(join(elsewhere, '2024'));
    writeFileSync(join(elsewhere, '2024/photo'), 'precious');
    symlinkSync(elsewhere, join(out, '.site'));
    expect(() => openSiteWriter(out)).toThrow(/\.site is a symbolic link/);
    expect(readFileSync(join(elsewhere, '2024/photo'), 'utf8')).toBe('precious');
    expect(readdirSync(elsewhere)).toEqual(['2024']);
  });

  test('is written beside an old copy that cannot be deleted; this is a problem, not a failure', () => {
    const out = tempDir();
    const old = join(out, '.site/7');
    mkdirSync(join(old, 'tests'), { recursive: true });
    onTestFinished(makeUndeletable(old));
    const site = openSiteWriter(out);
    for (const [path, body] of Object.entries(first)) site.write({ path, body });
    site.commit();
    expect(seen(out)).toEqual(first);
    expect(readlinkSync(join(out, '.site/current'))).toBe('8');
    expect(site.problems).toEqual([
      expect.objectContaining({ kind: 'store', subject: join(out, '.site/7') }),
    ]);
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
