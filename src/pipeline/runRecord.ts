import { version } from '../lib/version.ts';
import type { Problem } from '../model/run/problem.ts';
import type { ArchiveRun, Run } from '../model/run/run.ts';
import type { Interval } from '../model/trace/trace.ts';
import type { PageCounts } from '../report/publish/pageGroups.ts';
import type { Store } from '../store/store.ts';

/** Argument of `Store.runs` that returns all stored runs. */
export const allRunsLimit = 100_000;

/** Page counts of a run that wrote no pages. */
export const noPages: PageCounts = { written: 0, unchanged: 0 };

/**
 * The record of the run under way. The store holds it from `begin` on, so a killed run stays
 * visible as a run without an end.
 */
export class RunRecord {
  readonly #store: Pick<Store, 'startRun' | 'finishRun'>;
  readonly #clock: () => number;
  #number: number | null = null;
  #warnings: readonly Problem[] = [];
  #run: Run;

  /** `clock` gives epoch seconds. */
  constructor(
    store: Pick<Store, 'startRun' | 'finishRun'>,
    window: Interval,
    { now, clock }: { readonly now: number; clock(): number },
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#run = {
      startedAt: now,
      finishedAt: null,
      outcome: null,
      window,
      version,
      archives: [],
      pagesWritten: 0,
      pagesUnchanged: 0,
      problems: [],
    };
  }

  /** Stores the record, once the clock is trusted. Throws an `ExpectedError` of the store. */
  begin(): void {
    this.#number ??= this.#store.startRun(this.#run);
  }

  /** Whether the store holds the record. */
  get hasBegun(): boolean {
    return this.#number !== null;
  }

  get archives(): readonly ArchiveRun[] {
    return this.#run.archives;
  }

  /** The outcome so far; `partial` before the end. */
  get outcome(): NonNullable<Run['outcome']> {
    return this.#run.outcome ?? 'partial';
  }

  get hasProblems(): boolean {
    return this.#run.problems.length > 0;
  }

  addArchives(archives: readonly ArchiveRun[]): void {
    this.#run = { ...this.#run, archives: [...this.#run.archives, ...archives] };
  }

  /** Warnings appear with the problems, but do not change the outcome. */
  addWarnings(warnings: readonly Problem[]): void {
    this.#warnings = [...this.#warnings, ...warnings];
  }

  /** Problems turn the outcome `ok` into `partial`, also after the record was finished. */
  addProblems(problems: readonly Problem[]): void {
    if (problems.length === 0) return;
    const run = { ...this.#run, problems: [...this.#run.problems, ...problems] };
    if (run.outcome === null) this.#run = run;
    else this.#save(run, run.outcome);
  }

  /** Stores the outcome. May be called again with a later one. */
  finish(outcome: 'ok' | 'failed', { written, unchanged }: PageCounts): void {
    this.#save({ ...this.#run, pagesWritten: written, pagesUnchanged: unchanged }, outcome);
  }

  /** Changes nothing if the store fails. */
  #save(run: Run, outcome: NonNullable<Run['outcome']>): void {
    const finished: Run = {
      ...run,
      outcome: outcome === 'ok' && run.problems.length > 0 ? 'partial' : outcome,
      finishedAt: this.#clock(),
    };
    const problems = [...this.#warnings, ...finished.problems];
    this.begin();
    this.#store.finishRun(this.#number as number, { ...finished, problems });
    this.#run = finished;
  }
}
