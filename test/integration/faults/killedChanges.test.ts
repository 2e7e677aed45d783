import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { randomFrom } from '../../../src/demo/random.ts';
import { type Place, place } from '../cli/command.ts';
import { backAt, changeAt, scene } from '../pipeline/notify/scene.ts';
import { contentOf, pagesOf } from './outcome.ts';
import { runAt, startAt } from './pstraceAt.ts';

/** The number of killed runs, and the seed of the moments. */
const kills = process.env.PSTRACE_FAULTS === 'long' ? 200 : 9;
const seed = Number(process.env.PSTRACE_SEED ?? Date.now() % 1_000_000);
/** Successive kills before a run may finish. */
const rowLength = 3;
/** Before, during and after the change. */
const moments = [changeAt - 60, changeAt + 3600, backAt + 3600];

/** The content of a state, without the server's words in the outbox. */
function knownOf({ state }: Place): string[] {
  return contentOf(state).map((line) => line.replace(/"note":"[^"]*"/, '"note":null'));
}

/** The number of records of each kind. */
function countsOf(lines: readonly string[]): Readonly<Record<string, number>> {
  const kinds = Map.groupBy(lines, (line) => JSON.parse(line).record as string);
  return Object.fromEntries([...kinds].map(([kind, all]) => [kind, all.length]));
}

test(
  'after kills at any moment, the next run has the same changes, incidents and notifications as an undisturbed one',
  async () => {
    const random = randomFrom(seed);
    for (let done = 0; done < kills; done += rowLength * moments.length) {
      const { at, args } = await scene(3);
      const [base = ''] = args;
      const calm = place();
      const config = at.options.at(-1) ?? '';
      const calmly = [base, '40h', '--out', calm.out, '--state', calm.state, '--config', config];
      for (const now of moments) {
        const startedAt = performance.now();
        expect((await startAt(now, calmly).ended).code).toBe(0);
        const lastsMs = performance.now() - startedAt;
        for (let kill = 0; kill < rowLength; kill++) {
          const run = startAt(now, args);
          await wait(random() * lastsMs);
          run.process.kill('SIGKILL');
          await run.ended;
        }
        expect((await runAt(now, args)).code, `seed ${seed}`).toBe(0);
        expect(knownOf(at), `seed ${seed}`).toEqual(knownOf(calm));
        expect(pagesOf(at.out), `seed ${seed}`).toEqual(pagesOf(calm.out));
      }
      const counts = countsOf(knownOf(at));
      expect(counts).toMatchObject({ change: 6, incident: 1, message: 2, detection: 3 });
    }
  },
  Math.max(120_000, kills * 6000),
);
