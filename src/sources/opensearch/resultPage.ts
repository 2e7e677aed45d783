import { type JsonObject, jsonObject } from '../../lib/jsonObject.ts';
import type { Failure } from '../../model/trace/trace.ts';
import { daySeconds } from '../../model/values/time.ts';
import { parseFailures, parseTraces } from '../esmond/parseResults.ts';
import { formatTime, type ResultFaults } from '../esmond/resultFaults.ts';
import { probedTtls } from '../esmond/traceReader.ts';
import { numberOf } from '../probeValues.ts';
import { listOf } from '../results/resultFormat.ts';
import type { StreamReading, TestDescription } from '../types.ts';
import type { Dialect } from './dialect.ts';
import type { PageEnd } from './queries.ts';

/** The documents of one response, by test. */
export interface ResultPage {
  readonly readings: readonly StreamReading[];
  /** Number of documents. */
  readonly hits: number;
  readonly end: PageEnd;
  /** By index: the highest number in the page. */
  readonly sequences: ReadonlyMap<string, number>;
  /** By index: the lowest number of a result that is to be read again later. */
  readonly postponed: ReadonlyMap<string, number>;
  /** As of the aggregation, if the request had one. */
  readonly newest: ReadonlyMap<string, IndexState>;
}

/** The newest document of an index; the arrival in epoch seconds. */
export interface IndexState {
  readonly sequence: number;
  readonly arrivedAt: number;
}

/** The context of a page. */
export interface PageContext {
  readonly archive: string;
  readonly dialect: Dialect;
  /** The description to use of a test, such as one with an address that this run lacks. */
  readonly identify: (test: TestDescription) => TestDescription;
  /** Results that started later are from a wrong clock, or from after the run began. */
  readonly until: number;
  /** The faults of a document. */
  readonly faultsOf: (index: string, sequence: number) => ResultFaults;
}

/** A result up to so much ahead of the clock may only be early, seconds. */
const maxAheadSeconds = daySeconds;

/** Documents of one test whose faults count alike. */
interface TestGroup {
  readonly documents: { readonly startedAt: number; readonly document: JsonObject }[];
  readonly faults: ResultFaults;
}

/** Parses a response. Invalid documents go to the faults. */
export function parsePage(response: JsonObject, context: PageContext): ResultPage {
  const { dialect, until } = context;
  const groups = new Map<ResultFaults, Map<string, TestGroup>>();
  const sequences = new Map<string, number>();
  const postponed = new Map<string, number>();
  const hits = listOf(jsonObject(response.hits).hits);
  for (const hit of hits) {
    const { _index, _seq_no, _source } = jsonObject(hit);
    const index = String(_index);
    const sequence = numberOf(_seq_no);
    sequences.set(index, Math.max(sequence, sequences.get(index) ?? sequence));
    const document = jsonObject(_source);
    const startedAt = dialect.startOf(document);
    const faults = context.faultsOf(index, sequence);
    if (startedAt === null) faults.record('invalid', 'without a time');
    else if (startedAt > until + maxAheadSeconds)
      faults.record('future', `of ${formatTime(startedAt)}`);
    else if (startedAt > until) {
      postponed.set(index, Math.min(sequence, postponed.get(index) ?? sequence));
    } else {
      const key = dialect.groupOf(document);
      const alike = groups.get(faults) ?? new Map<string, TestGroup>();
      const group = alike.get(key) ?? { documents: [], faults };
      group.documents.push({ startedAt, document });
      groups.set(faults, alike.set(key, group));
    }
  }
  const readings = [...groups.values()]
    .flatMap((alike) => [...alike.values()])
    .flatMap((group) => readGroup(group, context) ?? []);
  const end = listOf(jsonObject(hits.at(-1)).sort);
  return {
    readings,
    hits: hits.length,
    end: end.length === 0 ? null : end,
    sequences,
    postponed,
    newest: parseNewest(response),
  };
}

/** The results of one test. null if its documents do not describe a traceroute test. */
function readGroup({ documents, faults }: TestGroup, context: PageContext): StreamReading | null {
  const { dialect, archive, identify } = context;
  const newest = documents.at(-1)?.document ?? {};
  const described = dialect.describe(newest, archive);
  if (described === null) return null;
  if (typeof described === 'string') {
    faults.record('invalid', described);
    return null;
  }
  const test = identify(described);
  const records: unknown[] = [];
  const failed: unknown[] = [];
  for (const { startedAt: ts, document } of documents) {
    const result = dialect.resultOf(document, test);
    if (result === null) faults.record('invalid', `of ${formatTime(ts)}`);
    else if ('error' in result) failed.push({ ts, val: result });
    else records.push({ ts, val: result.val });
  }
  const interval = { from: 0, to: context.until };
  const probed = { ...probedTtls(test), destination: test.destination, interval };
  const { traces, responders } = parseTraces(records, probed, faults);
  const failures: Failure[] = parseFailures(failed, interval, faults);
  return { test, traces, responders, failures };
}

/** The newest document of each index, from the aggregation of a response. */
export function parseNewest(response: JsonObject): ReadonlyMap<string, IndexState> {
  const aggregations = jsonObject(response.aggregations);
  const { indices } = 'all' in aggregations ? jsonObject(aggregations.all) : aggregations;
  return new Map(
    listOf(jsonObject(indices).buckets).map((bucket) => {
      const { key, sequence, arrival } = jsonObject(bucket);
      const arrivedAt = numberOf(jsonObject(arrival).value) / 1000;
      return [String(key), { sequence: numberOf(jsonObject(sequence).value), arrivedAt }];
    }),
  );
}
