import type { DatabaseSync } from 'node:sqlite';
import { createKnownResponders, type KnownResponders } from '../../model/trace/knownResponders.ts';
import type { Failure, Interval, Responder, Trace } from '../../model/trace/trace.ts';
import type { Tables } from '../tables.ts';
import { addressesWithinHops } from './addressesWithinHops.ts';
import type { Aliases } from './aliases.ts';
import { appendTraces } from './appendTraces.ts';
import { findMissing } from './intervalArithmetic.ts';
import type { Lookups } from './lookups.ts';
import type { Responders } from './responders.ts';
import type { StoredTest } from './storedTest.ts';
import type { ListedTest, TestEntry } from './tests.ts';

/** Results of reading one test. */
export interface Reading {
  /** The interval that was read completely; null if none was. */
  readonly interval: Interval | null;
  readonly traces: readonly Trace[];
  readonly responders: ReadonlyMap<string, Responder>;
  readonly failures: readonly Failure[];
}

/** Tests with their traces and responders. */
export interface TraceStore {
  /**
   * Stores tests as an archive lists them at `seenAt`. A test keeps its id and its first such
   * moment.
   */
  upsertTests(tests: readonly ListedTest[], seenAt: number): void;
  /** All tests ever listed, by id. */
  tests(): StoredTest[];
  /** Adds a reading as a whole or not at all. Known traces and failures stay. */
  append(testId: string, reading: Reading): { added: number };
  /**
   * The parts of `wanted` to read, ascending. They include the last `overlapSeconds` of the read
   * intervals, to be read again.
   */
  missingIntervals(testId: string, wanted: Interval, overlapSeconds: number): Interval[];
  /** Records that an interval of some tests has to be read again. */
  markUnread(testIds: readonly string[], interval: Interval): void;
  /** The traces that started within a window, ascending; equal routes are the same object. */
  traces(testId: string, window: Interval): Trace[];
  /** The same for new traces, which are read once: does not cache them. */
  readTracesOnce(testId: string, window: Interval): Trace[];
  /** The failures within a window, ascending. */
  failures(testId: string, window: Interval): Failure[];
  hasResponder: Responders['has'];
  /** The last good values of every address, by origin. */
  responders(): KnownResponders;
  /** Every name that an address ever had, by address. */
  aliases: Aliases['byAddress'];
  /** Every address within the first `hops` hops of any stored route. */
  addressesWithinHops(hops: number): Set<string>;
  dueLookups: Lookups['due'];
  /** Stores results as a whole or not at all; they become last good values. */
  recordLookups: Lookups['record'];
}

/** The part of the store over tests, traces and responders. */
export function openTraceStore(database: DatabaseSync, tables: Tables): TraceStore {
  const { tests, traces, failures, coverage, responders, lookups, transaction } = tables;
  return {
    upsertTests: (listed, seenAt) =>
      transaction(() => {
        for (const test of listed) tests.upsert(test, seenAt);
      }),
    tests: tests.all,
    append: (testId, reading) =>
      transaction(() => {
        const test = tests.find(testId);
        const newestAt = reading.traces.at(-1)?.startedAt ?? 0;
        for (const responder of reading.responders.values())
          responders.update({ ...responder, origin: test.archive }, newestAt);
        const added = appendTraces(tables, test, reading.traces);
        failures.append(test.number, reading.failures);
        if (reading.interval !== null) coverage.add(test.number, reading.interval);
        return { added };
      }),
    missingIntervals: (testId, wanted, overlapSeconds) =>
      findMissing(wanted, coverage.intervalsOf(tests.numberOf(testId)), overlapSeconds),
    markUnread: (testIds, { from, to }) =>
      transaction(() => {
        const interval = { from: Math.floor(from), to: Math.ceil(to) };
        for (const id of testIds) coverage.remove(tests.numberOf(id), interval);
      }),
    traces: (testId, window) => readClipped(tests.find(testId), window, traces.read),
    readTracesOnce: (testId, window) =>
      readClipped(tests.find(testId), window, traces.readUncached),
    failures: (testId, window) => failures.read(tests.numberOf(testId), window),
    hasResponder: responders.has,
    responders: () => createKnownResponders(responders.all()),
    addressesWithinHops: (hops) => addressesWithinHops(database, responders, hops),
    aliases: tables.aliases.byAddress,
    dueLookups: lookups.due,
    recordLookups: (...results) => transaction(() => lookups.record(...results)),
  };
}

/** Reads the part of a window in which a test has traces. */
function readClipped(
  { number, oldestTraceAt, newestTraceAt }: TestEntry,
  window: Interval,
  read: (test: number, window: Interval) => Trace[],
): Trace[] {
  const from = Math.max(window.from, oldestTraceAt ?? Infinity);
  const to = Math.min(window.to, newestTraceAt ?? -Infinity);
  return from <= to ? read(number, { from, to }) : [];
}
