import type { Session } from '../cli/session.ts';
import { version } from '../lib/version.ts';
import type { Problem } from '../model/problem.ts';
import type { Run } from '../model/run.ts';
import type { Interval } from '../model/trace.ts';
import type { PageCounts } from '../report/publish/pageGroups.ts';
import type { Store } from '../store/store.ts';

/** What is known of a run once the archives are read. */
export interface RunReport extends Pick<Run, 'archives' | 'problems'> {
  /** What is not as it should be although everything came in, such as a clock: shown with the problems, and no reason to end otherwise than well. */
  readonly warnings: readonly Problem[];
}

/** A run that did not get as far as the pages. */
export const noPages: PageCounts = { written: 0, unchanged: 0 };

/** The record of the run that is under way. */
export interface RunRecord {
  /** Writes down how it ended; may be called again when more is known. */
  finish(outcome: NonNullable<Run['outcome']>, report: RunReport, pages: PageCounts): void;
  /** Adds what went wrong after the pages to how it ended. */
  add(problems: readonly Problem[]): void;
}

/** Begins the record of a run: should it be killed, the store tells that it was never finished. */
export function startRunRecord(store: Store, window: Interval, session: Session): RunRecord {
  const started: Run = {
    startedAt: session.now,
    finishedAt: null,
    outcome: null,
    window,
    version,
    archives: [],
    pagesWritten: 0,
    pagesUnchanged: 0,
    problems: [],
  };
  const runNumber = store.startRun(started);
  let last = started;
  const save = (run: Run) => {
    last = { ...run, finishedAt: session.clock() };
    store.finishRun(runNumber, last);
  };
  return {
    finish(outcome, { archives, problems, warnings }, { written, unchanged }) {
      const pages = { pagesWritten: written, pagesUnchanged: unchanged };
      save({ ...started, archives, problems: [...warnings, ...problems], ...pages, outcome });
    },
    add(problems) {
      const outcome = last.outcome === 'ok' ? 'partial' : last.outcome;
      save({ ...last, outcome, problems: [...last.problems, ...problems] });
    },
  };
}
