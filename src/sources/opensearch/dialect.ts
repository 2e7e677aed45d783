import type { JsonObject } from '../../lib/jsonObject.ts';
import type { TestDescription } from '../types.ts';

/** How the documents of one kind of archive describe runs. */
export interface Dialect {
  /** The field of the start of a run. */
  readonly startField: string;
  /** The field of its arrival in the archive. */
  readonly arrivalField: string;
  /** How much later than others a result may show, by its field of arrival, seconds. */
  readonly arrivalOverlapSeconds: number;
  /** Numbers of a sequence show the newest arrivals, if each index is one shard. */
  readonly hasSequence: boolean;
  /**
   * The fields to request. Never a part of a list of hops: OpenSearch would drop empty objects, and
   * with them silent hops.
   */
  readonly fields: readonly string[];
  /** Start of the run, epoch seconds; null if invalid. */
  startOf(document: JsonObject): number | null;
  /** Equal for documents of one test. */
  groupOf(document: JsonObject): string;
  /** The test of a document, or its fault; null if it is not a traceroute test. */
  describe(document: JsonObject, archive: string): TestDescription | string | null;
  /** The result of a run. */
  resultOf(document: JsonObject, test: TestDescription): RunResult;
}

/**
 * The hop records of a run, in the form of esmond (a list, or a list for each flow); the error of a
 * failed one; or null for neither.
 */
export type RunResult = { readonly val: unknown } | { readonly error: unknown } | null;
