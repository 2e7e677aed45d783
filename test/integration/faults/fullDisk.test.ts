import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { place } from '../cli/command.ts';
import { serve } from '../pipeline/mesh.ts';
import { livelyMesh, noon } from './mesh.ts';
import { brokenLinks, contentOf, pagesOf } from './outcome.ts';
import { runAt } from './pstraceAt.ts';
import { type ScarceRoom, scarceRoom } from './scarceRoom.ts';

vi.setConfig({ testTimeout: 180_000 });

const good = { code: 0, stdout: '', stderr: '' };

/** The message of a run on a full disk: one line with the fault, the path and the remedy. */
const plainly =
  /^pstrace: error: cannot (acquire the lock|use the state database|write the site): .*\b(full|larger)\b.*(Free space|free space).*\n$/;

/** The message if the pages are written and only the file for `pstrace check` has no space. */
const inTheEnd = /^pstrace: warning: cannot write the monitoring file: the disk is full .*\n$/;

/** KiB by which the free space grows from run to run, small enough to hit every stage in the long form. */
const isLong = process.env.PSTRACE_FAULTS === 'long';
const [stateStep, siteStep] = isLong ? [4, 16] : [56, 250];

/** Free space, KiB. With a limit on file sizes, the size of the largest page is enough. */
function amounts({ isDisk }: ScarceRoom, step: number): number[] {
  return isDisk ? Array.from({ length: 400 }, (_, index) => index * step) : [0, 8, 32, 90];
}

/** The same runs, one with enough space, the other with little at some stages. */
async function arrange() {
  const archive = await serve(livelyMesh(8, 300, noon));
  const [state, site] = [scarceRoom(), scarceRoom()];
  // Every run draws every page, so that pages are the same whatever earlier runs drew.
  const wide = place('[site]\nredraw = "1s"\n');
  const [, , , , ...config] = wide.options;
  const out = join(site.path, 'html');
  const dir = join(state.path, 'var');
  const narrow = ['--out', out, '--state', dir, ...config];
  const run = (at: number, options: readonly string[], prefix?: readonly string[]) =>
    runAt(at, [archive.base, '36h', ...options], prefix && { prefix });
  return { state, site, out, dir, wide, narrow, run };
}

test('a full disk at any stage ends the run with a plain message; with free space the next run has everything', async () => {
  const { state, site, out, dir, wide, narrow, run } = await arrange();
  let old = pagesOf(out);
  /** Increases the free space until it is enough; returns the number of failed runs. */
  const starve = async (at: number, room: ScarceRoom, step: number) => {
    let failed = 0;
    for (const left of amounts(room, step)) {
      const { code, stderr } = await run(at, narrow, room.leave(left));
      if (code === 0) break;
      failed++;
      if (code === 75) {
        expect(stderr).toMatch(inTheEnd);
        break;
      }
      expect(`${code} ${stderr}`, `${left} KiB`).toMatch(
        new RegExp(`^1 ${plainly.source.slice(1)}`),
      );
      expect(stderr).toContain(room.isDisk ? room.path : '/pstrace-');
      expect(pagesOf(out)).toEqual(old);
      expect(brokenLinks(out)).toEqual([]);
    }
    room.relieve();
    return failed;
  };
  const stages = [
    { at: noon - 10_800, room: state, step: stateStep },
    { at: noon - 7200, room: site, step: siteStep, isFirst: true },
    { at: noon - 3600, room: state, step: stateStep },
    { at: noon, room: site, step: siteStep },
  ];
  for (const { at, room, step, isFirst = false } of stages) {
    if (isFirst) rmSync(out, { recursive: true });
    old = pagesOf(out);
    expect(await starve(at, room, step)).toBeGreaterThan(1);
    for (const options of [narrow, wide.options]) expect(await run(at, options)).toEqual(good);
    expect(contentOf(dir)).toEqual(contentOf(wide.state));
    expect(pagesOf(out)).toEqual(pagesOf(wide.out));
  }
});
