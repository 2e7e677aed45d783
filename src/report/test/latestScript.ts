import type { SeriesPoint } from '../../model/site/analysis.ts';
import type { Page } from '../page.ts';
import { chartPoints, parseChartPoints } from './chartPoints.ts';
import type { LatestValues } from './latestValues.ts';

/** `tests/<id>/latest.js` as `window.pstraceLatest`. */
export interface LatestScript {
  /** `newestAt` of the pages to which the values belong; other pages must not show them. */
  readonly drawnAt: number | null;
  /** `LatestValues`, packed. */
  readonly values: Packed;
  /** The points after those of the pages, as `chartPoints` since `drawnAt`. */
  readonly points: string;
}

/**
 * `tests/<id>/latest.js`: the latest values of a test whose pages show those up to `drawnAt`.
 * `series`: the points of the window.
 */
export function latestScript(
  testId: string,
  values: LatestValues,
  series: readonly SeriesPoint[],
  drawnAt: number | null,
): Page {
  const script: LatestScript = {
    drawnAt,
    values: pack(values),
    points: chartPoints(
      series.filter(({ at }) => at > (drawnAt ?? 0)),
      drawnAt ?? 0,
    ),
  };
  return {
    path: `tests/${testId}/latest.js`,
    body: `window.pstraceLatest = ${JSON.stringify(script)};\n`,
  };
}

/** The values of a script, and the points after those of the pages. */
export function readLatestScript({ values, points, drawnAt }: LatestScript): {
  readonly values: LatestValues;
  readonly points: SeriesPoint[];
} {
  return {
    values: unpack(values) as LatestValues,
    points: parseChartPoints(points, drawnAt ?? 0),
  };
}

/**
 * Plain data in which lists of objects with equal fields are tables, and maps are lists of entries.
 */
type Packed =
  | string
  | number
  | boolean
  | null
  | readonly Packed[]
  | { readonly [field: string]: Packed };

function pack(value: unknown): Packed {
  if (value instanceof Map) return { entries: pack([...value]) };
  if (Array.isArray(value)) return packList(value);
  if (typeof value !== 'object' || value === null) return value as Packed;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([name, field]) => [name, pack(field)]));
}

function packList(list: readonly unknown[]): Packed {
  const [first] = list;
  const isObject = typeof first === 'object' && first !== null && !Array.isArray(first);
  const names = isObject ? Object.keys(first) : [];
  const isTable =
    list.length > 1 && names.length > 0 && list.every((each) => hasFields(each, names));
  if (!isTable) return list.map(pack);
  const rows = (list as readonly Record<string, unknown>[]).map((row) =>
    names.map((name) => pack(row[name])),
  );
  return { names, rows };
}

function hasFields(value: unknown, names: readonly string[]): boolean {
  const own = Object.keys(value as object);
  return own.length === names.length && names.every((name, index) => own[index] === name);
}

interface Table {
  readonly names: readonly string[];
  readonly rows: readonly (readonly Packed[])[];
}

function unpack(packed: Packed): unknown {
  if (typeof packed !== 'object' || packed === null) return packed;
  if (Array.isArray(packed)) return packed.map(unpack);
  if ('entries' in packed) return new Map(unpack(packed.entries as Packed) as [unknown, unknown][]);
  if ('rows' in packed) {
    const { names, rows } = packed as unknown as Table;
    return rows.map((row) =>
      Object.fromEntries(row.map((value, index) => [names[index], unpack(value)])),
    );
  }
  return Object.fromEntries(Object.entries(packed).map(([name, field]) => [name, unpack(field)]));
}
