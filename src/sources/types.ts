import type { Problem } from '../model/problem.ts';
import type { Test } from '../model/test.ts';
import type { Failure, Interval, Responder, Trace } from '../model/trace.ts';

/** A test as an archive's list describes it. */
export type TestDescription = Omit<Test, 'intervalSeconds'> & {
  /** Names of the archive's event types that may hold data of this test for the time that was listed. */
  readonly eventTypes: readonly string[];
};

/** What reading a test's results needs of it: a fresh description or one that was stored. */
export type ReadableTest = Pick<Test, 'id' | 'key' | 'tool' | 'destination' | 'parameters'> & {
  readonly eventTypes: readonly string[];
  /** Helps to tell that results are missing; null or absent when unknown. */
  readonly intervalSeconds?: number | null;
};

/** The tests of an archive; damaged descriptions are left out and told in `problems`. */
export interface TestList {
  readonly tests: readonly TestDescription[];
  /** The list was read to its end and had something in it, so later runs need ask only for what is newer. */
  readonly isComplete: boolean;
  readonly problems: readonly Problem[];
}

/** The results of one test in one span of time. */
export interface ResultBatch {
  readonly interval: Interval;
  /** All there is of it was read, or what was not will not come by asking again: it may be recorded as covered. */
  readonly complete: boolean;
  /** Ascending in time, one for each second; equal routes are one object. */
  readonly traces: readonly Trace[];
  /** Every address of `traces`. */
  readonly responders: ReadonlyMap<string, Responder>;
  readonly failures: readonly Failure[];
  readonly problems: readonly Problem[];
}
