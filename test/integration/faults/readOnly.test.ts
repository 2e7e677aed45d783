import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { mountSmallDisk } from '../../helpers/smallDisk.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { pages, place } from '../cli/command.ts';
import { serve } from '../pipeline/mesh.ts';
import { livelyMesh, noon } from './mesh.ts';
import { contentOf, pagesOf } from './outcome.ts';
import { runAt } from './pstraceAt.ts';

vi.setConfig({ testTimeout: 180_000 });

const good = { code: 0, stdout: '', stderr: '' };

/** A folder that is read-only from `close` to `open`, even for root if a disk can be mounted. */
function closable() {
  const disk = mountSmallDisk(tempDir(), 16_384);
  const path = disk?.path ?? tempDir();
  const open = () => (disk === null ? chmodSync(path, 0o700) : disk.writable());
  const close = () => (disk === null ? chmodSync(path, 0o500) : disk.readOnly());
  onTestFinished(() => (disk === null ? open() : disk.unmount()));
  return { path, open, close };
}

/** A successful run an hour before noon, whose site or state is in a folder that can be closed. */
async function arrange(part: 'site' | 'state') {
  const archive = await serve(livelyMesh(3, 100, noon));
  const folder = closable();
  const wide = place();
  const [, out = '', , state = '', ...config] = wide.options;
  const at =
    part === 'site'
      ? { out: folder.path, state, options: ['--out', folder.path, '--state', state, ...config] }
      : { out, state: folder.path, options: ['--out', out, '--state', folder.path, ...config] };
  const run = (now: number) => runAt(now, [archive.base, '12h', ...at.options]);
  expect(await run(noon - 3600)).toEqual(good);
  return { archive, folder, at, run };
}

test('a read-only html/ is reported; the results are stored, the pages unchanged, and the next run repairs all', async () => {
  const { folder, at, run } = await arrange('site');
  const [old, known] = [pagesOf(at.out), contentOf(at.state)];
  folder.close();
  const { code, stdout, stderr } = await run(noon);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(
    /^pstrace: error: cannot (write the site|acquire the lock): .*(read-only|permission denied).* (Use a path|Give the user).*\n$/,
  );
  expect(pagesOf(at.out)).toEqual(old);
  expect(contentOf(at.state).length).toBeGreaterThan(known.length);
  folder.open();
  expect(await run(noon)).toEqual(good);
  const { runs } = JSON.parse(pages(at.out).get('data/status.json') ?? '');
  expect(runs[1]).toMatchObject({ outcome: 'partial', problems: [{ kind: 'store' }] });
});

test('a read-only state is reported; the run sends no requests and leaves the pages unchanged', async () => {
  const { archive, folder, at, run } = await arrange('state');
  const old = pagesOf(at.out);
  folder.close();
  archive.requests.splice(0);
  const { code, stdout, stderr } = await run(noon);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(
    /^pstrace: error: cannot (use the state database|acquire the lock): .*(read-only|permission denied).* (Use a path|Give the user).*\n$/,
  );
  expect(archive.requests).toEqual([]);
  expect(pagesOf(at.out)).toEqual(old);
  folder.open();
  expect(await run(noon)).toEqual(good);
  expect(pagesOf(at.out)).not.toEqual(old);
});

test('an impossible place for the state is reported with its path', async () => {
  const archive = await serve(livelyMesh(1, 10, noon));
  const [, out = '', , , ...config] = place().options;
  const state = join('/proc', 'pstrace');
  const { code, stderr } = await runAt(noon, [
    ...[archive.base, '--out', out, '--state', state, ...config],
  ]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^pstrace: error: cannot acquire the lock: .*\/proc\/pstrace.*\n$/);
});
