import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExpectedError } from '../lib/errors.ts';
import { acquireLock } from '../lib/lock.ts';
import type { MeasuredRun } from '../sources/mtr/measure.ts';
import { openStore } from '../store/open.ts';
import { sentence } from './problems.ts';
import type { Session } from './session.ts';
import { storeRuns } from './takeIn.ts';

/** Where the monitor's results go. */
export interface MonitorSink {
  put(runs: readonly MeasuredRun[]): void;
  /** Stores what is left, waiting for whoever has the store; how many results could not be stored. */
  finish(): Promise<number>;
}

/** Results come together for so long, so that the store is opened once for many. */
const gatherMs = 1000;
/** After a failure of the store, as a full disk. */
const pauseAfterFailureMs = 30_000;
/** Results that wait for the store, at most: about 20 MB. */
const mostWaiting = 10_000;
/** How long the end of the monitor waits for the store; shorter than a service manager waits for it. */
const lastPatienceMs = 30_000;

/**
 * Stores results while the monitor measures on. The lock of the state directory is held only while something is stored; what is
 * measured while another pstrace has it waits.
 */
export function createSink(state: string, { log, clock }: Session): MonitorSink {
  const waiting: MeasuredRun[] = [];
  let timer: NodeJS.Timeout | null = null;
  let told: string | null = null;

  /** How long to wait before the next try, ms; null when all is stored. */
  function store(): number | null {
    if (waiting.length === 0) return null;
    try {
      const lock = acquireLock(join(state, 'lock'));
      if (lock === null) return gatherMs;
      try {
        storeAll();
      } finally {
        lock.release();
      }
      told = null;
      return null;
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
      const message = sentence(error.toProblem());
      if (message !== told) log.error(message, { waiting: waiting.length });
      told = message;
      return pauseAfterFailureMs;
    }
  }

  function storeAll(): void {
    const opened = openStore(state, clock(), 'write');
    try {
      for (const problem of opened.problems) log.error(sentence(problem));
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
      const again = store();
      if (again !== null) schedule(again);
    }, ms);
  }

  return {
    put(runs) {
      waiting.push(...runs);
      const excess = waiting.length - mostWaiting;
      if (excess > 0) {
        waiting.splice(0, excess);
        log.error('the store cannot be written for too long; the oldest results are dropped');
      }
      schedule(gatherMs);
    },
    async finish() {
      if (timer !== null) clearTimeout(timer);
      const end = performance.now() + lastPatienceMs;
      let again = store();
      while (again !== null && performance.now() < end) {
        await sleep(Math.min(again, gatherMs));
        again = store();
      }
      return waiting.length;
    },
  };
}
