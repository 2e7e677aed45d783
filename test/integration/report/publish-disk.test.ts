import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ExpectedError } from '../../../src/lib/errors.ts';
import { openSiteWriter } from '../../../src/report/publish/siteWriter.ts';
import { moduleUrl, startChild } from '../../helpers/child.ts';
import { mountSmallDisk, type SmallDisk } from '../../helpers/smallDisk.ts';
import { tempDir } from '../../helpers/tempDir.ts';

/** A small disk with a site; null without permission to mount. */
function diskWithSite(): SmallDisk | null {
  const disk = mountSmallDisk(tempDir(), 1024);
  if (disk === null) return null;
  onTestFinished(() => disk.unmount());
  const site = openSiteWriter(disk.path);
  site.write({ path: 'index.html', body: 'old' });
  site.write({ path: 'tests/a/index.html', body: 'old a' });
  site.commit();
  return disk;
}

function failureOf(work: () => unknown): ExpectedError {
  try {
    work();
  } catch (error) {
    if (error instanceof ExpectedError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('a full disk ends the run with a plain message; the old site stays and the space is free again', () => {
  const disk = diskWithSite();
  // Without permission to mount, only the limit on file sizes below is tested.
  if (disk === null) return;
  const site = openSiteWriter(disk.path);
  const failure = failureOf(() => {
    for (let page = 0; page < 100; page++) {
      site.write({ path: `tests/${page}/index.html`, body: 'x'.repeat(50_000) });
    }
  });
  expect(failure.toProblem()).toMatchObject({
    kind: 'store',
    message: `cannot write the site: the disk is full (${disk.path})`,
    remedy: expect.stringContaining('Free space'),
  });
  expect(readFileSync(join(disk.path, 'index.html'), 'utf8')).toBe('old');
  expect(readFileSync(join(disk.path, 'tests/a/index.html'), 'utf8')).toBe('old a');
  expect(readdirSync(join(disk.path, '.site')).sort()).toEqual(['1', 'current', 'lock']);
  const next = openSiteWriter(disk.path);
  next.write({ path: 'index.html', body: 'new' });
  next.commit();
  expect(readFileSync(join(disk.path, 'index.html'), 'utf8')).toBe('new');
});

test('a limit on file sizes ends the run the same way', async () => {
  const out = tempDir();
  const child = startChild(
    `
      import { openSiteWriter } from ${moduleUrl('src/report/publish/siteWriter.ts')};
      const site = openSiteWriter(${JSON.stringify(out)});
      try {
        site.write({ path: 'index.html', body: 'x'.repeat(200_000) });
      } catch (error) {
        console.log(error.name + ': ' + error.message);
      }
    `,
    ['sh', '-c', 'ulimit -f 100; exec "$0" "$@"'],
  );
  expect(await child.line()).toContain('ExpectedError: cannot write the site: the file would be');
  expect(existsSync(join(out, '.site', '1'))).toBe(false);
});

test('a read-only site gives a plain error and stays', () => {
  const disk = diskWithSite();
  const out = disk?.path ?? tempDir();
  if (disk === null) {
    chmodSync(out, 0o500);
    onTestFinished(() => chmodSync(out, 0o700));
  } else disk.readOnly();
  const failure = failureOf(() => openSiteWriter(out));
  expect(failure.kind).toBe('store');
  expect(failure.message).toMatch(/read-only|permission denied|not permitted/);
  if (disk !== null) expect(readFileSync(join(out, 'index.html'), 'utf8')).toBe('old');
});

test('without hard links, pages are copied with their modification time', async () => {
  const out = tempDir();
  const source = (title: string) => `
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    fs.linkSync = () => { throw Object.assign(new Error('EPERM'), { code: 'EPERM', syscall: 'link' }); };
    syncBuiltinESMExports();
    const { openSiteWriter } = await import(${moduleUrl('src/report/publish/siteWriter.ts')});
    const site = openSiteWriter(${JSON.stringify(out)});
    site.write({ path: 'index.html', body: '${title}' });
    site.write({ path: 'tests/a/index.html', body: 'a' });
    console.log(JSON.stringify(site.commit()));
  `;
  await startChild(source('one')).line();
  const page = join(out, 'tests/a/index.html');
  const { mtime, ino } = statSync(page);
  const result = JSON.parse(await startChild(source('two')).line());
  expect(result).toEqual({ written: 1, unchanged: 1, removed: 0 });
  expect(readFileSync(page, 'utf8')).toBe('a');
  expect(statSync(page).ino).not.toBe(ino);
  expect(statSync(page).mtime).toEqual(mtime);
});
