import { createHopRow, mergeRows, numberOf, ttlOf } from './mtrColumns.ts';
import type { HopRow, RunDocument } from './runDocument.ts';

/** The run in one document of `mtr --json`, or what is wrong with it. */
export function readJsonRun(text: string): RunDocument | string {
  const value = parse(text) ?? parse(repair(text));
  if (value === null) return 'a JSON document that is not valid';
  const report = objectOf(objectOf(value).report);
  const { src, dst, tests, psize } = objectOf(report.mtr) as JsonRunHead;
  const hubs = report.hubs;
  if (!Array.isArray(hubs)) return 'a JSON document that is none of mtr';
  const rows = hubs.map((hub) => rowOf(objectOf(hub), numberOf(tests)));
  const known = rows.filter((row) => row !== null);
  if (known.length < rows.length) return 'a JSON document with a hop that is none';
  return {
    tool: 'mtr',
    source: textOf(src),
    destination: textOf(dst),
    destinationAddress: null,
    startedAt: null,
    hops: mergeRows(known),
    reached: null,
    pathMtu: null,
    packetBytes: textOf(psize),
  };
}

/** What is said of the whole run; every value may be a number or its text. */
interface JsonRunHead {
  readonly src?: unknown;
  readonly dst?: unknown;
  readonly tests?: unknown;
  readonly psize?: unknown;
}

type JsonObject = Readonly<Record<string, unknown>>;

function rowOf(hub: JsonObject, tests: number): HopRow | null {
  const ttl = ttlOf(hub.count);
  const host = hub.host;
  if (ttl === null || typeof host !== 'string') return null;
  const sent = Number.isInteger(tests) && tests > 0 ? tests : null;
  return createHopRow(ttl, host, hub.ASN, (title) => hub[title], sent);
}

function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
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
 * What mtr up to 0.93 writes itself, without a library: no `]` when there is no hop, numbers with the comma of the locale,
 * names with whatever quotes and backslashes they have.
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
