import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { randomFrom } from '../../../src/demo/random.ts';
import type { ReceivedMail } from '../../helpers/notify/mailbox.ts';
import { backAt, changeAt, scene } from '../pipeline/notify/scene.ts';
import { runAt, startAt } from './pstraceAt.ts';

/** The number of killed runs, and the seed of the moments. */
const kills = process.env.PSTRACE_FAULTS === 'long' ? 200 : 10;
const seed = Number(process.env.PSTRACE_SEED ?? Date.now() % 1_000_000);
/** Successive kills before a run may finish. */
const rowLength = 5;

/** The mail server is so slow that some runs are killed during a delivery. */
const takesMs = 300;

/** The moments of runs: before, during and after the change. */
const moments = [changeAt + 3600, backAt + 3600];

test(
  'runs that are killed at any moment lose no notification, and repeat none that a server has accepted',
  async () => {
    const random = randomFrom(seed);
    const count = { alerts: 0, mails: 0, killed: 0 };
    for (let done = 0; done < kills; done += rowLength * moments.length) {
      const { box, at, args } = await scene(3, { onMessage: () => wait(takesMs) });
      expect((await runAt(changeAt - 60, args)).code).toBe(0);
      const startedAt = performance.now();
      expect((await startAt(changeAt - 30, args).ended).code).toBe(0);
      const lastsMs = performance.now() - startedAt;
      for (const now of moments) {
        const before = box.received.length;
        const sentBefore = sentOf(at.state);
        /** Mails accepted by the time the state recorded the first one. */
        let receivedBefore: number | null = null;
        for (let kill = 0; kill < rowLength; kill++) {
          const run = startAt(now, args);
          await wait(random() * (lastsMs + takesMs));
          run.process.kill('SIGKILL');
          if ((await run.ended).code === null) count.killed++;
          await wait(takesMs + 50);
          if (sentOf(at.state) > sentBefore) receivedBefore ??= box.received.length;
        }
        expect((await runAt(now, args)).code, `seed ${seed}`).toBe(0);
        const fresh = box.received.slice(before);
        expect(new Set(fresh.map(idOf)).size, `seed ${seed}`).toBe(1);
        // Only what was killed between the acceptance and its record may come again, under the same
        // Message-ID.
        if (receivedBefore !== null)
          expect(box.received, `seed ${seed}`).toHaveLength(receivedBefore);
        expect(fresh.length, `seed ${seed}`).toBeLessThanOrEqual(1 + rowLength);
        count.alerts++;
        count.mails += fresh.length;
        expect((await runAt(now + 60, args)).code).toBe(0);
        expect(box.received.slice(before)).toHaveLength(fresh.length);
      }
    }
    if (process.env.PSTRACE_FAULTS === 'long')
      process.stdout.write(`${JSON.stringify({ seed, kills, ...count })}\n`);
  },
  Math.max(120_000, kills * 6000),
);

/** Messages that the state records as accepted. */
function sentOf(state: string): number {
  const database = new DatabaseSync(join(state, 'pstrace.db'));
  try {
    const sql = "SELECT count(*) AS sent FROM outbox WHERE state = 'sent'";
    return Number(database.prepare(sql).get()?.sent);
  } finally {
    database.close();
  }
}

function idOf({ mail }: ReceivedMail): string {
  return mail.messageId ?? '';
}
