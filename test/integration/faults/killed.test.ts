import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { http } from 'msw';
import { expect, test, vi } from 'vitest';
import { randomFrom } from '../../../src/demo/random.ts';
import { stall } from '../../helpers/faults.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { type Ended, type Place, place } from '../cli/command.ts';
import { serve } from '../pipeline/mesh.ts';
import { livelyMesh, noon } from './mesh.ts';
import { brokenLinks, contentOf, pagesOf } from './outcome.ts';
import { runAt, startAt } from './pstraceAt.ts';

vi.setConfig({ testTimeout: 180_000 });

/** The number of killed runs, and the seed of the moments. */
const kills = process.env.PSTRACE_FAULTS === 'long' ? 200 : 12;
const seed = Number(process.env.PSTRACE_SEED ?? Date.now() % 1_000_000);

const good: Ended = { code: 0, stdout: '', stderr: '' };
const period = '36h';

/** A run at noon, from an empty state or from that of a run three hours earlier. */
async function arrange(isFirst: boolean) {
  let asked = Promise.withResolvers<void>();
  const notice = http.all('*', () => asked.resolve());
  const archive = await serve(livelyMesh(8, 200, noon), [notice]);
  const args = (at: Place) => [archive.base, period, ...at.options];
  const before = place();
  if (!isFirst) expect(await runAt(noon - 10_800, args(before))).toEqual(good);
  /** Starts the run; resolves at the first request to the archive. */
  const begin = async (at: Place) => {
    asked = Promise.withResolvers();
    const running = startAt(noon, args(at));
    await asked.promise;
    return running;
  };
  return { before, begin };
}

/** A copy of a site and its state. */
function copyOf({ out, state }: Place): Place {
  const copy = place();
  if (existsSync(state)) cpSync(state, copy.state, { recursive: true });
  if (existsSync(out)) cpSync(out, copy.out, { recursive: true, verbatimSymlinks: true });
  return copy;
}

/** Whether the database is intact. Checks a copy, because opening it would repair it. */
function isWhole(state: string): boolean {
  const copy = tempDir();
  cpSync(state, copy, { recursive: true });
  return !existsSync(join(copy, 'pstrace.db')) || contentOf(copy).length >= 0;
}

/** Exit codes of a run that a signal terminated. */
const codes = { SIGKILL: null, SIGTERM: 143, SIGINT: 130 };
type Signal = keyof typeof codes;

/** The signals to successive runs, until one may finish. */
function rows(): Signal[][] {
  return Array.from({ length: Math.ceil(kills / 6) }, (_, index): Signal[] => [
    ...(index === 0 ? (['SIGTERM', 'SIGINT'] as const) : []),
    ...(['SIGKILL', 'SIGKILL', 'SIGKILL'] as const),
  ]);
}

test.each([
  ['first', true],
  ['later', false],
])(
  'a %s run that is terminated at any moment leaves a complete site, and the next run has the same result',
  async (_, isFirst) => {
    const random = randomFrom(seed);
    const { before, begin } = await arrange(isFirst);
    const old = pagesOf(before.out);
    const undisturbed = copyOf(before);
    const startedAt = performance.now();
    expect(await (await begin(undisturbed)).ended).toEqual(good);
    const lastsMs = performance.now() - startedAt;
    const fresh = pagesOf(undisturbed.out);
    const content = contentOf(undisturbed.state);
    expect(fresh.size).toBeGreaterThan(30);

    for (const [number, row] of rows().entries()) {
      const at = copyOf(before);
      for (const signal of row) {
        const run = await begin(at);
        const delay = random() * lastsMs;
        const which = `seed ${seed}, row ${number}, ${signal} after ${Math.round(delay)} ms`;
        await wait(delay);
        run.process.kill(signal);
        const { code, stderr } = await run.ended;
        expect([good.code, codes[signal]], which).toContain(code);
        const warned = code === 0 || signal === 'SIGKILL' ? '' : `Stopped by ${signal}.`;
        expect(stderr.replace(/^pstrace: warning: |\n$/g, ''), which).toBe(warned);
        const left = parted(pagesOf(at.out));
        expect([parted(old).pages, parted(fresh).pages], which).toContainEqual(left.pages);
        // A picture is of one trace, whoever drew it: those of a run that was killed lie among the
        // others.
        expect(parted(fresh).pictures, which).toMatchObject(left.pictures);
        expect(brokenLinks(at.out), which).toEqual([]);
        expect(isWhole(at.state), which).toBe(true);
      }
      expect(await (await begin(at)).ended).toEqual(good);
      expect(pagesOf(at.out)).toEqual(fresh);
      expect(contentOf(at.state)).toEqual(content);
      expect(leftovers(at)).toEqual([]);
    }
  },
  Math.max(120_000, kills * 5000),
);

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends a run whose archive does not respond',
  async (signal) => {
    const asked = Promise.withResolvers<void>();
    const silent = http.all('*', () => {
      asked.resolve();
      return stall();
    });
    const archive = await serve([], [silent]);
    const at = place('[http]\ntimeout = "90s"\nretries = 9\n');
    const run = startAt(noon, [archive.base, period, ...at.options]);
    await asked.promise;
    run.process.kill(signal);
    const stderr = `pstrace: warning: Stopped by ${signal}.\n`;
    expect(await run.ended).toEqual({ code: codes[signal], stdout: '', stderr });
  },
);

/** The pictures of traces, and the other files. */
function parted(files: ReadonlyMap<string, string>) {
  const { pictures = [], pages = [] } = Object.groupBy(files, ([path]) =>
    path.startsWith('routes/') ? 'pictures' : 'pages',
  );
  return { pictures: Object.fromEntries(pictures), pages: Object.fromEntries(pages) };
}

/**
 * Files in the two directories apart from the site, its last releases, the pictures, the database
 * and the file for `pstrace check`.
 */
function leftovers({ out, state }: Place): string[] {
  const own = /^(lock|current|\d+|routes|routes-pruned|pstrace\.db|latest\.json)$/;
  return [...readdirSync(join(out, '.site')), ...readdirSync(state)].filter(
    (name) => !own.test(name),
  );
}
