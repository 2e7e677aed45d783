type Json = Readonly<Record<string, unknown>>;

/** The aggregations of OpenSearch that sum up tests other than traceroute tests, by their name. */
export function aggregateMetrics(aggs: Json, documents: readonly Json[]): Json {
  return Object.fromEntries(
    Object.entries(aggs).map(([name, each]) => [name, aggregate(each as Json, documents)]),
  );
}

function aggregate(request: Json, documents: readonly Json[]): Json {
  const [kind = '', options] = Object.entries(request).find(([name]) => name !== 'aggs') ?? [];
  if (kind === 'composite') return composite(request, documents);
  if (kind === 'filter') {
    const [path = '', wanted] = Object.entries((options as { term: Json }).term)[0] ?? [];
    return { doc_count: documents.filter((one) => valueAt(one, path) === wanted).length };
  }
  const { field } = options as { field: string };
  const values = documents.map((one) => valueAt(one, field)).filter((value) => value != null);
  if (kind === 'terms') return mostFrequent(values.map(String));
  const numbers = values.map(toNumber).sort((a, b) => a - b);
  if (kind === 'max') return { value: numbers.at(-1) ?? null };
  if (kind === 'sum') return { value: numbers.reduce((sum, each) => sum + each, 0) };
  if (kind === 'date_histogram') {
    const days = Map.groupBy(numbers, (at) => Math.floor(at / dayMs) * dayMs);
    return { buckets: [...days].map(([key, all]) => ({ key, doc_count: all.length })) };
  }
  if (kind !== 'percentiles') throw new Error(`the fake does not know ${kind}`);
  return { values: percentiles(numbers, (options as { percents: number[] }).percents) };
}

const dayMs = 86_400_000;

function mostFrequent(values: readonly string[]): Json {
  const [most] = [...Map.groupBy(values, String)].sort(([, a], [, b]) => b.length - a.length);
  return { buckets: most === undefined ? [] : [{ key: most[0], doc_count: most[1].length }] };
}

/** Buckets in the order of their keys; documents without one of the fields are in none. */
function composite({ composite: options, aggs }: Json, documents: readonly Json[]): Json {
  const { size, sources, after } = options as {
    size: number;
    sources: Record<string, { terms: { field: string } }>[];
    after?: Json;
  };
  const keyOf = (document: Json) =>
    sources.flatMap((source) =>
      Object.entries(source).map(([name, { terms }]) => [name, valueAt(document, terms.field)]),
    );
  const groups = Map.groupBy(
    documents.filter((each) => keyOf(each).every(([, value]) => value !== undefined)),
    (each) => JSON.stringify(keyOf(each)),
  );
  const from = after === undefined ? '' : JSON.stringify(Object.entries(after));
  const keys = [...groups.keys()]
    .sort()
    .filter((key) => key > from)
    .slice(0, size);
  const last = keys.at(-1);
  return {
    buckets: keys.map((key) => {
      const members = groups.get(key) ?? [];
      return {
        key: Object.fromEntries(JSON.parse(key)),
        doc_count: members.length,
        ...aggregateMetrics(aggs as Json, members),
      };
    }),
    ...(last !== undefined && { after_key: Object.fromEntries(JSON.parse(last)) }),
  };
}

/** Between two values, as OpenSearch does for a few of them; none comes as null. */
function percentiles(ascending: readonly number[], percents: readonly number[]): Json {
  return Object.fromEntries(
    percents.map((percent) => {
      const at = (percent / 100) * (ascending.length - 1);
      const [low, high] = [ascending[Math.floor(at)], ascending[Math.ceil(at)]];
      const isKnown = low !== undefined && high !== undefined;
      return [percent.toFixed(1), isKnown ? low + (high - low) * (at - Math.floor(at)) : null];
    }),
  );
}

function valueAt(document: Json, path: string): unknown {
  return path
    .replace(/\.keyword$/, '')
    .split('.')
    .reduce<unknown>((at, name) => (at as Json | undefined)?.[name], document);
}

function toNumber(value: unknown): number {
  return typeof value === 'number' ? value : Date.parse(String(value));
}
