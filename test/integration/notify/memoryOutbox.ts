import type { LoggedMessage, Outbox, OutboxEntry } from '../../../src/model/alerting/outbox.ts';

/** A message and its outcome. */
interface Kept extends OutboxEntry {
  attempts: number;
  nextAttemptAt: number;
  state: 'pending' | 'sent' | 'given up';
  reason: string | null;
}

/** An outbox in memory that tests can inspect. */
export interface MemoryOutbox extends Outbox {
  readonly kept: readonly Readonly<Kept>[];
}

/** An empty outbox in memory. */
export function memoryOutbox(): MemoryOutbox {
  const kept: Kept[] = [];
  const find = (key: string): Kept => {
    const found = kept.find((each) => each.key === key);
    if (found === undefined) throw new Error(`no message ${key}`);
    return found;
  };
  return {
    kept,
    enqueue(entries) {
      for (const entry of entries) {
        if (kept.some(({ key }) => key === entry.key)) continue;
        kept.push({ ...entry, attempts: 0, nextAttemptAt: 0, state: 'pending', reason: null });
      }
    },
    pending: () => kept.filter(({ state }) => state === 'pending'),
    markSent(key) {
      find(key).state = 'sent';
    },
    markFailed(key, _at, retryAt, reason) {
      const entry = find(key);
      entry.attempts++;
      entry.reason = reason;
      if (retryAt === null) entry.state = 'given up';
      else entry.nextAttemptAt = retryAt;
    },
    log: (since) => kept.filter(({ plannedAt }) => plannedAt >= since) as LoggedMessage[],
  };
}
