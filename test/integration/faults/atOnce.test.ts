import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { acquireLock } from '../../../src/lib/lock.ts';
import { pages, place } from '../cli/command.ts';
import { serve } from '../pipeline/mesh.ts';
import { livelyMesh, noon } from './mesh.ts';
import { brokenLinks, contentOf, pagesOf } from './outcome.ts';
import { runAt, startAt } from './pstraceAt.ts';

vi.setConfig({ testTimeout: 180_000 });

const good = { code: 0, stdout: '', stderr: '' };
const refused = /^pstrace: warning: another pstrace \(pid \d+\) holds the lock on .*; exiting\n$/;

test('of runs that start together, one works; the others report it and change nothing', async () => {
  const archive = await serve(livelyMesh(6, 100, noon));
  const [at, alone] = [place(), place()];
  const args = [archive.base, '12h', ...at.options];
  const ended = await Promise.all([1, 2, 3].map(() => startAt(noon, args).ended));
  const codes = ended.map(({ code }) => code).sort();
  expect(codes[0]).toBe(0);
  for (const { code, stderr } of ended) {
    if (code === 0) expect(stderr).toBe('');
    else expect(`${code} ${stderr}`).toMatch(new RegExp(`^75 ${refused.source.slice(1)}`));
  }
  expect(brokenLinks(at.out)).toEqual([]);
  expect(await runAt(noon, [archive.base, '12h', ...alone.options])).toEqual(good);
  expect(contentOf(at.state)).toEqual(contentOf(alone.state));
  expect(pagesOf(at.out)).toEqual(pagesOf(alone.out));
});

test('a site that another state is writing is reported; the results are stored, the site is unchanged', async () => {
  const archive = await serve(livelyMesh(3, 100, noon));
  const at = place();
  const run = (now: number) => runAt(now, [archive.base, '12h', ...at.options]);
  expect(await run(noon - 3600)).toEqual(good);
  const [old, known] = [pagesOf(at.out), contentOf(at.state)];
  const lock = acquireLock(join(at.out, '.site', 'lock'));
  const { code, stderr } = await run(noon);
  lock?.release();
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^pstrace: error: another pstrace \(process \d+\) is writing the site in .* Wait until it has finished\.\n$/,
  );
  expect(pagesOf(at.out)).toEqual(old);
  expect(contentOf(at.state).length).toBeGreaterThan(known.length);
  expect(await run(noon)).toEqual(good);
});

/** Runs in the command: every page and transaction is as slow as on a busy disk. */
const slowly = `
import fs from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { syncBuiltinESMExports } from 'node:module';
Date.now = () => ${noon * 1000};
const never = new Int32Array(new SharedArrayBuffer(4));
const slow = (owner, name, milliseconds) => {
  const usual = owner[name];
  owner[name] = function (...args) {
    Atomics.wait(never, 0, 0, milliseconds);
    return usual.apply(this, args);
  };
};
for (const name of ['writeFileSync', 'linkSync', 'openSync', 'renameSync']) slow(fs, name, 2);
slow(DatabaseSync.prototype, 'exec', 15);
syncBuiltinESMExports();
`;

test('a run on a slow disk takes longer, has the same result, and still heeds signals', async () => {
  const archive = await serve(livelyMesh(6, 100, noon));
  const [at, quick] = [place(), place()];
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(slowly)}`;
  const args = [archive.base, '12h', ...at.options];
  const stopped = startAt(noon, ['-v', ...args], { env: { NODE_OPTIONS } });
  await stopped.warned(/archive read/);
  stopped.process.kill('SIGTERM');
  expect((await stopped.ended).code).toBe(143);
  expect([...pages(at.out)]).toEqual([]);
  expect(await runAt(noon, args, { env: { NODE_OPTIONS } })).toEqual(good);
  expect(await runAt(noon, [archive.base, '12h', ...quick.options])).toEqual(good);
  expect(contentOf(at.state)).toEqual(contentOf(quick.state));
  expect(pagesOf(at.out)).toEqual(pagesOf(quick.out));
});
