import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { randomFrom } from '../../src/demo/random.ts';
import { backAt, changeAt, scene } from '../cli/alerts/scene.ts';
import type { ReceivedMail } from '../notify/mailbox.ts';
import { runAt, startAt } from './pstraceAt.ts';

/** How many runs are killed, and the seed of the moments. */
const kills = process.env.PSTRACE_FAULTS === 'long' ? 200 : 10;
const seed = Number(process.env.PSTRACE_SEED ?? Date.now() % 1_000_000);
/** Kills in a row before a run may end. */
const rowLength = 5;

/** The moments at which runs look: before the change, during it, and after the way back. */
const moments = [changeAt + 3600, backAt + 3600];

test(
  'runs that are killed at any moment lose no alert, and none goes twice to a server that has said that it took it',
  async () => {
    const random = randomFrom(seed);
    for (let done = 0; done < kills; done += rowLength * moments.length) {
      const { box, args } = await scene(3);
      expect((await runAt(changeAt - 60, args)).code).toBe(0);
      const startedAt = performance.now();
      expect((await runAt(changeAt - 30, args)).code).toBe(0);
      const lastsMs = performance.now() - startedAt;
      for (const now of moments) {
        let repeated = 0;
        const before = box.received.length;
        for (let kill = 0; kill < rowLength; kill++) {
          const known = box.received.length;
          const run = startAt(now, args);
          await wait(random() * lastsMs);
          run.process.kill('SIGKILL');
          await run.ended;
          await wait(50);
          // Only what was accepted in the very moment of the kill may come again, under the same Message-ID.
          repeated += box.received.length - known;
        }
        expect((await runAt(now, args)).code, `seed ${seed}`).toBe(0);
        const fresh = box.received.slice(before);
        expect(new Set(fresh.map(idOf)).size, `seed ${seed}`).toBe(1);
        expect(fresh.length - 1, `seed ${seed}`).toBeLessThanOrEqual(repeated);
        expect((await runAt(now + 60, args)).code).toBe(0);
        expect(box.received.slice(before)).toHaveLength(fresh.length);
      }
    }
  },
  Math.max(120_000, kills * 6000),
);

function idOf({ mail }: ReceivedMail): string {
  return mail.messageId ?? '';
}
