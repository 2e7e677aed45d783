import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { place } from '../cli/command.ts';
import { serve } from '../cli/mesh.ts';
import { livelyMesh, noon } from './mesh.ts';
import { brokenLinks, contentOf, pagesOf } from './outcome.ts';
import { runAt } from './pstraceAt.ts';
import { type ScarceRoom, scarceRoom } from './scarceRoom.ts';

vi.setConfig({ testTimeout: 180_000 });

const good = { code: 0, stdout: '', stderr: '' };

/** What a run may say when a disk is full: one line, which names the disk's fault, the place and what to do. */
const plainly =
  /^pstrace: error: cannot (take the lock|use the state database|write the site): .*\b(full|larger)\b.*(Make room|free space).*\n$/;

/** The same runs, one with all the room it wants, the other with little here and there. */
async function arrange() {
  const archive = await serve(livelyMesh(8, 300, noon));
  const [state, site] = [scarceRoom(), scarceRoom()];
  const wide = place();
  const [, , , , ...config] = wide.options;
  const out = join(site.path, 'html');
  const dir = join(state.path, 'var');
  const narrow = ['--out', out, '--state', dir, ...config];
  const run = (at: number, options: readonly string[], prefix: readonly string[] = []) =>
    runAt(at, [archive.base, '36h', ...options], { prefix });
  return { state, site, out, dir, wide, narrow, run };
}

test('a disk that is full at any stage ends the run plainly; with room again the next brings everything', async () => {
  const { state, site, out, dir, wide, narrow, run } = await arrange();
  let old = pagesOf(out);
  const starve = async (at: number, room: ScarceRoom, kibibytes: readonly number[]) => {
    for (const left of kibibytes) {
      const { code, stderr } = await run(at, narrow, room.leave(left));
      expect(`${code} ${stderr}`).toMatch(new RegExp(`^1 ${plainly.source.slice(1)}`));
      expect(stderr).toContain(room.isDisk ? room.path : '/pstrace-');
      expect(pagesOf(out)).toEqual(old);
      expect(brokenLinks(out)).toEqual([]);
    }
    room.relieve();
  };
  const stages = [
    { at: noon - 10_800, stateKib: [0, 8, 32, 90], siteKib: [0, 100] },
    { at: noon, stateKib: [8, 90], siteKib: [8, 300] },
  ];
  for (const { at, stateKib, siteKib } of stages) {
    await starve(at, state, stateKib);
    await starve(at, site, siteKib);
    for (const options of [narrow, wide.options]) expect(await run(at, options)).toEqual(good);
    expect(contentOf(dir)).toEqual(contentOf(wide.state));
    old = pagesOf(out);
    expect(old).toEqual(pagesOf(wide.out));
  }
});
