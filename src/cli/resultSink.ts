import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExpectedError } from '../lib/errors.ts';
import { acquireLock } from '../lib/lock.ts';
import type { Problem } from '../model/problem.ts';
import type { MeasuredRun } from '../sources/mtr/measure.ts';
import { openStore } from '../store/open.ts';
import { sentence } from './problems.ts';
import type { Session } from './session.ts';
import { storeRuns } from './takeIn.ts';

/** Why results are not stored yet: another pstrace has the store, or it cannot be used, as on a full disk. */
export type Hindrance = 'busy' | 'failed';

/** Where results of measuring go. */
export interface ResultSink {
  put(runs: readonly MeasuredRun[]): void;
  /**
   * Stores what is left; how many results could not be stored. `patienceMs`: how long to try again; it is asked before each
   * time.
   */
  finish(patienceMs: (why: Hindrance) => number): Promise<number>;
  /** What opening the store met with, as a damaged database that was set aside; each was told. */
  readonly problems: readonly Problem[];
}

/** Results come together for so long, so that the store is opened once for many. */
const gatherMs = 1000;
/** After a failure of the store. */
const pauseAfterFailureMs = 30_000;
/** Results that wait for the store, at most: about 20 MB. */
const mostWaiting = 10_000;

/**
 * Stores results while measuring goes on. The lock of the state directory is held only while something is stored; what is
 * measured while another pstrace has it waits. `onFailure` is given what the store fails with, each time.
 */
export function createSink(
  state: string,
  { log, clock }: Session,
  onFailure: (error: ExpectedError, waiting: number) => void,
): ResultSink {
  const waiting: MeasuredRun[] = [];
  const problems: Problem[] = [];
  let timer: NodeJS.Timeout | null = null;

  /** null when all is stored. */
  function store(): Hindrance | null {
    if (waiting.length === 0) return null;
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
      onFailure(error, waiting.length);
      return 'failed';
    }
  }

  function storeAll(): void {
    const opened = openStore(state, clock(), 'write');
    try {
      for (const problem of opened.problems) log.error(sentence(problem));
      problems.push(...opened.problems);
      storeRuns(waiting, opened, clock());
      log.debug('results stored', { runs: waiting.length });
      waiting.length = 0;
    } finally {
      opened.close();
    }
  }

  function schedule(ms: number): void {
    timer ??= setTimeout(() => {
      timer = null;
      const why = store();
      if (why !== null) schedule(why === 'busy' ? gatherMs : pauseAfterFailureMs);
    }, ms);
  }

  return {
    problems,
    put(runs) {
      waiting.push(...runs);
      const excess = waiting.length - mostWaiting;
      if (excess > 0) {
        waiting.splice(0, excess);
        log.error('the store cannot be written for too long; the oldest results are dropped');
      }
      schedule(gatherMs);
    },
    async finish(patienceMs) {
      if (timer !== null) clearTimeout(timer);
      const startedAt = performance.now();
      for (let why = store(); why !== null; why = store()) {
        if (performance.now() - startedAt >= patienceMs(why)) break;
        await sleep(gatherMs);
      }
      return waiting.length;
    },
  };
}
