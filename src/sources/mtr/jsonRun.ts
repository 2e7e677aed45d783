import { type JsonObject, jsonObject } from '../../lib/jsonObject.ts';
import { unwrapResults } from '../results/resultEnvelopes.ts';
import type { ResultFormat } from '../results/resultFormat.ts';
import { resultFormats } from '../results/resultFormats.ts';
import { createHopRow, mergeRows, numberOf, ttlOf } from './mtrColumns.ts';
import { blankRun, type HopRow, type RunDocument } from './runDocument.ts';

/** The runs in one document of `mtr --json` or another tool, or their faults. */
export function readJsonRuns(text: string): (RunDocument | string)[] {
  const value = parse(text) ?? parse(repair(text));
  return value === null ? ['invalid JSON document'] : unwrapResults(value).map(readRun);
}

function readRun(value: unknown): RunDocument | string {
  const format = resultFormats.find(({ recognizes }) => recognizes(jsonObject(value)));
  if (format !== undefined) return readResult(format, jsonObject(value));
  const report = jsonObject(jsonObject(value).report);
  const { src, dst, tests, psize } = jsonObject(report.mtr) as JsonRunHead;
  const hubs = report.hubs;
  if (!Array.isArray(hubs)) return 'JSON document of no known tool';
  const rows = hubs.map((hub) => rowOf(jsonObject(hub), numberOf(tests)));
  const known = rows.filter((row) => row !== null);
  if (known.length < rows.length) return 'JSON document with an invalid hop';
  return {
    ...blankRun,
    tool: 'mtr',
    source: textOf(src),
    destination: textOf(dst),
    hops: mergeRows(known),
    packetBytes: textOf(psize),
  };
}

function readResult({ name, read }: ResultFormat, value: JsonObject): RunDocument | string {
  const run = read(value);
  return typeof run === 'string' ? run : { ...run, format: name };
}

/** Values of the whole run; each may be a number or its text. */
interface JsonRunHead {
  readonly src?: unknown;
  readonly dst?: unknown;
  readonly tests?: unknown;
  readonly psize?: unknown;
}

function rowOf(hub: JsonObject, tests: number): HopRow | null {
  const ttl = ttlOf(hub.count);
  const host = hub.host;
  if (ttl === null || typeof host !== 'string') return null;
  const sent = Number.isInteger(tests) && tests > 0 ? tests : null;
  return createHopRow(ttl, host, hub.ASN, (title) => hub[title], sent);
}

function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) ?? null;
  } catch {
    return null;
  }
}

/**
 * Corrects the output of mtr up to 0.93, which writes JSON without a library: no `]` if there are
 * no hops, decimal commas, and unescaped quotes and backslashes in names.
 */
function repair(text: string): string {
  return text
    .replace(/("hubs"\s*:\s*\[)(\s*\})/, '$1]$2')
    .replace(/(:\s*-?\d+),(\d+)(?=\s*[,}\n])/g, '$1.$2')
    .replace(
      /^(\s*"(?:src|dst|host|ASN)"\s*:\s*")(.*)("\s*,?\s*)$/gm,
      (_, before: string, name: string, after: string) =>
        before + JSON.stringify(name).slice(1, -1) + after,
    );
}
