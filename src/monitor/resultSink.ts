import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExpectedError } from '../lib/errors.ts';
import { acquireLock } from '../lib/lock.ts';
import type { Problem } from '../model/problem.ts';
import { storeRuns } from '../pipeline/collect/ingest.ts';
import { formatProblem } from '../pipeline/problems.ts';
import type { Session } from '../pipeline/session.ts';
import type { MeasuredRun } from '../sources/mtr/measureTargets.ts';
import { openStore } from '../store/open.ts';

/** Why results are not stored yet: another pstrace has the store, or it cannot be used, as on a full disk. */
export type PendingReason = 'busy' | 'failed';

/** Where results of measuring go. */
export interface ResultSink {
  put(runs: readonly MeasuredRun[]): void;
  /**
   * Stores what is left; how many results could not be stored. `patienceMs`: how long to try again; it is asked before each
   * time.
   */
  finish(maxWaitMs: (reason: PendingReason) => number): Promise<number>;
  /** What opening the store met with, as a damaged database that was set aside; each was told. */
  readonly problems: readonly Problem[];
}

/** Results come together for so long, so that the store is opened once for many. */
const batchDelayMs = 1000;
/** After a failure of the store. */
const pauseAfterFailureMs = 30_000;
/** Results that wait for the store, at most: about 20 MB. */
const maxPending = 10_000;

/**
 * Stores results while measuring goes on. The lock of the state directory is held only while something is stored; what is
 * measured while another pstrace has it waits. `onFailure` is given what the store fails with, each time.
 */
export function createResultSink(
  state: string,
  { log, clock }: Session,
  onFailure: (error: ExpectedError, waiting: number) => void,
): ResultSink {
  const pending: MeasuredRun[] = [];
  const problems: Problem[] = [];
  let timer: NodeJS.Timeout | null = null;

  /** null when all is stored. */
  function tryStore(): PendingReason | null {
    if (pending.length === 0) return null;
    try {
      const lock = acquireLock(join(state, 'lock'));
      if (lock === null) return 'busy';
      try {
        storeAll();
      } finally {
        lock.release();
      }
      return null;
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
      onFailure(error, pending.length);
      return 'failed';
    }
  }

  function storeAll(): void {
    const opened = openStore(state, clock(), 'write');
    try {
      for (const problem of opened.problems) log.error(formatProblem(problem));
      problems.push(...opened.problems);
      storeRuns(pending, opened, clock());
      log.debug('results stored', { runs: pending.length });
      pending.length = 0;
    } finally {
      opened.close();
    }
  }

  function schedule(ms: number): void {
    timer ??= setTimeout(() => {
      timer = null;
      const reason = tryStore();
      if (reason !== null) schedule(reason === 'busy' ? batchDelayMs : pauseAfterFailureMs);
    }, ms);
  }

  return {
    problems,
    put(runs) {
      pending.push(...runs);
      const excess = pending.length - maxPending;
      if (excess > 0) {
        pending.splice(0, excess);
        log.error('the store cannot be written for too long; the oldest results are dropped');
      }
      schedule(batchDelayMs);
    },
    async finish(maxWaitMs) {
      if (timer !== null) clearTimeout(timer);
      const startedAt = performance.now();
      for (let reason = tryStore(); reason !== null; reason = tryStore()) {
        if (performance.now() - startedAt >= maxWaitMs(reason)) break;
        await sleep(batchDelayMs);
      }
      return pending.length;
    },
  };
}
