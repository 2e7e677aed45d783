import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExpectedError } from '../lib/errors.ts';
import { acquireLock } from '../lib/lock.ts';
import type { Problem } from '../model/run/problem.ts';
import { reportDoubt } from '../pipeline/clock/trustClock.ts';
import { storeRuns } from '../pipeline/collect/ingest.ts';
import { logProblem } from '../pipeline/problems.ts';
import type { Session } from '../pipeline/session.ts';
import type { MeasuredRun } from '../sources/mtr/measureTargets.ts';
import { openStore } from '../store/open.ts';

/**
 * Why results are not stored yet: another process holds the lock, or the store failed (full disk).
 */
export type PendingReason = 'busy' | 'failed';

/** Stores the results of measurements. */
export interface ResultSink {
  put(runs: readonly MeasuredRun[]): void;
  /**
   * Stores the pending results and returns how many could not be stored. Retries until `maxWaitMs`,
   * which depends on the reason, is over.
   */
  finish(maxWaitMs: (reason: PendingReason) => number): Promise<number>;
  /** Problems of opening the store, such as a damaged database; already logged. */
  readonly problems: readonly Problem[];
}

/** Time to collect results before the store is opened once for all of them. */
const batchDelayMs = 1000;
/** Pause after a failure of the store. */
const storeRetryDelayMs = 30_000;
/** Limit of pending results, about 20 MB. */
const maxPending = 10_000;
/** No measurement takes longer, seconds. */
const maxRunSeconds = 3600;
/** A clock that moved by more between a measurement and its storing was set, seconds. */
const maxStepSeconds = 60;

/** A result with the difference between the clock of this host and monotonic time at its end. */
interface PendingRun {
  readonly run: MeasuredRun;
  readonly clockOffset: number;
}

/**
 * Creates a sink that stores results in the background. It holds the lock of the state folder
 * only while it stores; results wait while another process holds the lock. Calls `onFailure` for
 * each failed attempt with the error and the number of pending results.
 */
export function createResultSink(
  state: string,
  { log, clock }: Session,
  onFailure: (error: ExpectedError, waiting: number) => void,
): ResultSink {
  const pending: PendingRun[] = [];
  const clockOffset = () => clock() - performance.now() / 1000;
  const problems: Problem[] = [];
  let timer: NodeJS.Timeout | null = null;

  /** Stores all pending results; returns null if that succeeds. */
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
      for (const problem of opened.problems) logProblem(problem, log.error);
      problems.push(...opened.problems);
      const offset = clockOffset();
      const steady = pending.filter(
        (each) => Math.abs(each.clockOffset - offset) <= maxStepSeconds,
      );
      if (steady.length < pending.length) log.info('the clock was set; dropping earlier results');
      const runs = steady.map(({ run }) => run);
      pending.length = 0;
      pending.push(...steady);
      storeRuns(runs, opened, clock());
      log.debug('results stored', { runs: runs.length });
      pending.length = 0;
    } catch (error) {
      if (!reportDoubt(error, { log })) throw error;
      pending.length = 0;
    } finally {
      opened.close();
    }
  }

  function schedule(ms: number): void {
    timer ??= setTimeout(() => {
      timer = null;
      const reason = tryStore();
      if (reason !== null) schedule(reason === 'busy' ? batchDelayMs : storeRetryDelayMs);
    }, ms);
  }

  return {
    problems,
    put(runs) {
      const now = clock();
      const timely = runs.filter((run) => isTimely(run, now));
      pending.push(...timely.map((run) => ({ run, clockOffset: clockOffset() })));
      const excess = pending.length - maxPending;
      if (excess > 0) {
        pending.splice(0, excess);
        log.error('the store has been unavailable for too long; dropping the oldest results');
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

/** Whether a run that has just ended has a time of the present clock, epoch seconds. */
function isTimely({ trace, failure }: MeasuredRun, now: number): boolean {
  const at = trace?.startedAt ?? failure?.at ?? now;
  return at <= now + maxStepSeconds && at >= now - maxRunSeconds;
}
