import { type JsonObject, jsonObject } from '../../lib/jsonObject.ts';
import { globalpingResults } from './globalpingResult.ts';

/**
 * The results in an answer of an API, which holds several: OpenSearch's `_search`, its single hits,
 * pages of Atlas, and measurements of Globalping. Notes of scamper hold none. Any other value is
 * one result.
 */
export function unwrapResults(value: unknown): readonly unknown[] {
  const answer = jsonObject(value);
  if (typeof answer.type === 'string' && scamperNotes.has(answer.type)) return [];
  if ('_source' in answer) return [answer._source];
  const { hits } = jsonObject(answer.hits);
  if (Array.isArray(hits)) return hits.map((hit) => jsonObject(hit)._source);
  if (!Array.isArray(answer.results)) return [value];
  return isMeasurement(answer) ? globalpingResults(answer) : answer.results;
}

/** Objects around the traces in the output of scamper. */
const scamperNotes: ReadonlySet<string> = new Set(['cycle-def', 'cycle-start', 'cycle-stop']);

/** Whether an answer is a measurement of Globalping, and not a page of results. */
function isMeasurement({ type, target }: JsonObject): boolean {
  return typeof type === 'string' && typeof target === 'string';
}
