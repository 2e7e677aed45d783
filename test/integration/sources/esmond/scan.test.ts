import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomFrom } from '../../../../src/demo/random.ts';
import { parseTraces } from '../../../../src/sources/esmond/parseResults.ts';
import { createResultFaults } from '../../../../src/sources/esmond/resultFaults.ts';
import { scanTraces } from '../../../../src/sources/esmond/scanTraces.ts';
import type { TraceContext } from '../../../../src/sources/esmond/traceCollector.ts';
import { mutateBytes } from '../../../fuzz/mutations.ts';
import { hop, trace } from '../../../helpers/fakeArchive.ts';

const start = 1_700_000_000;
const contexts: readonly TraceContext[] = [
  { address: '192.0.2.9', name: 'ps-b.example.org' },
  { address: null, name: 'r2.example.net' },
  { address: '2001:db8::9', name: 'r2.example.net' },
].map((destination, index) => ({
  destination,
  firstTtl: 1 + (index % 2),
  lastTtl: 30,
  interval: { from: start, to: start + 86_399 },
}));

function parse(text: string, context: TraceContext) {
  const faults = createResultFaults();
  const answer: unknown = JSON.parse(text);
  if (!Array.isArray(answer)) return null;
  const { traces, responders } = parseTraces(answer, context, faults);
  return { ...view(traces, responders, faults), results: answer.length };
}

function scan(text: string | Buffer, context: TraceContext) {
  const faults = createResultFaults();
  const scanned = scanTraces(Buffer.from(text), context, faults);
  if (scanned === null) return null;
  const { traces, responders, results } = scanned;
  return { ...view(traces, responders, faults), results };
}

function view(
  traces: ReturnType<typeof parseTraces>['traces'],
  responders: ReturnType<typeof parseTraces>['responders'],
  faults: ReturnType<typeof createResultFaults>,
) {
  const routes = [...new Set(traces.map(({ route }) => route))];
  const shared = traces.map(({ route }) => routes.indexOf(route));
  return { traces, shared, responders: [...responders], problems: faults.problems('') };
}

const time = fc.oneof(
  fc.integer({ min: 0, max: 60_000 }).map((micros) => micros / 1000),
  fc.constantFrom(
    0,
    12,
    23.599999999999998,
    1e-7,
    -1,
    700_000,
    null,
    '0.412',
    '12',
    ' 3',
    '',
    true,
  ),
);
const address = fc.constantFrom('192.0.2.1', '192.0.2.2', '192.0.2.9', '2001:db8::2', null, 'x');
/** Few kinds of hops, so that they repeat, and every member that archives send. */
const anyHop = fc.record(
  {
    ttl: fc.constantFrom(1, 2, 3, '2', 300),
    ip: address,
    rtt: time,
    hostname: fc.constantFrom('r1.example.net', 'R2.example.net.', null, 'a\\"b', 'ü'),
    as: fc.constantFrom({ number: 64500, owner: 'A', rtt: 4 }, { number: 64501, owner: 'B, "C"' }),
    mtu: fc.constantFrom(9000, '1500', null),
    error_message: fc.constantFrom('requestTimedOut', 'noRouteToTarget', null),
  },
  { requiredKeys: [] },
);
const line = fc
  .array(fc.tuple(address, time), { maxLength: 5 })
  .map((replies) => replies.map(([ip, rtt], index) => ({ ttl: index + 1, ip, rtt })));
const val = fc.oneof(
  { weight: 6, arbitrary: line },
  { weight: 3, arbitrary: fc.array(anyHop, { maxLength: 5 }) },
  fc.array(fc.array(anyHop, { maxLength: 2 }), { maxLength: 2 }),
  fc.constantFrom(null, 1, 'x', {}, [1], [{ ttl: 1 }, null]),
);
const ts = fc.oneof(
  { weight: 19, arbitrary: fc.integer({ min: start - 1, max: start + 86_400 }) },
  fc.constantFrom(String(start), start + 0.5, -1, null),
);

/** Few different values, which repeat with other times, some of them with binary noise. */
const anyAnswer = fc
  .tuple(
    fc.array(val, { minLength: 1, maxLength: 3 }),
    fc.array(fc.tuple(ts, fc.nat({ max: 2 }), fc.integer({ min: 0, max: 9000 })), { maxLength: 9 }),
  )
  .map(([values, picks]) =>
    picks.map(([at, index, micros]) => ({
      ts: at,
      val: withTimes(values[index % values.length], micros),
    })),
  );

function withTimes(hops: unknown, micros: number): unknown {
  if (!Array.isArray(hops)) return hops;
  return hops.map((each: unknown) => {
    if (Array.isArray(each)) return withTimes(each, micros);
    const isNumber = typeof (each as { rtt?: unknown } | null)?.rtt === 'number';
    return isNumber ? { ...(each as object), rtt: (micros / 1000) * 1.1 } : each;
  });
}

test('a scanned response has the traces, responders and faults of a parsed one', () => {
  fc.assert(
    fc.property(
      anyAnswer,
      fc.constantFrom(undefined, 4, '\t'),
      fc.constantFrom(...contexts),
      (answer, indent, context) => {
        const text = JSON.stringify(answer, null, indent);
        const scanned = scan(text, context);
        if (scanned !== null) expect(scanned).toEqual(parse(text, context));
        else expect(answer.some((each) => typeof each.ts !== 'number' || each.ts < 0)).toBe(true);
      },
    ),
    { numRuns: 1000 },
  );
});

test('damaged text is never scanned as something else', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 2, maxLength: 8 }), fc.nat(), (lines, seed) => {
      const answer = lines.map((hops, index) => ({ ts: start + index, val: hops }));
      const bytes = mutateBytes(Buffer.from(JSON.stringify(answer)), randomFrom(seed));
      for (const context of contexts) {
        const scanned = scan(bytes, context);
        if (scanned !== null) expect(scanned).toEqual(parse(bytes.toString(), context));
      }
    }),
    { numRuns: 1500 },
  );
});

test('the usual forms of archives are scanned, with repeated and other routes', () => {
  const [context] = contexts as [TraceContext];
  const routes = [
    ['192.0.2.1', '', '192.0.2.9'],
    ['192.0.2.1', '192.0.2.2', '192.0.2.9'],
  ] as const;
  const answer = Array.from({ length: 40 }, (_, index) =>
    trace(start + 600 * index, ...(routes[index % 7 === 3 ? 1 : 0] as readonly string[])),
  );
  for (const text of [JSON.stringify(answer), JSON.stringify(answer, null, 4)])
    expect(scan(text, context)).toMatchObject({ results: 40, traces: { length: 40 } });
  const quoted = JSON.stringify([{ ts: start, val: [{ ...hop(1, '192.0.2.9'), rtt: '0.412' }] }]);
  expect(scan(quoted, context)).toMatchObject({ traces: [{ rttMs: [0.412] }] });
  expect(scan('[]', context)).toMatchObject({ results: 0 });
});

test('a time that is written with escapes, twice, or with an exponent counts as in JSON', () => {
  const [context] = contexts as [TraceContext];
  const val = (times: string) => `[{"ttl":1,"ip":"192.0.2.9",${times}}]`;
  for (const [one, other] of [
    [String.raw`"rtt":1,"\u0072tt":2`, String.raw`"rtt":3,"\u0072tt":2`],
    ['"rtt":1,"rtt":2', '"rtt":3,"rtt":2'],
    ['"rtt":1,"rtt":2', '"rtt":1,"rtt":4'],
    ['"rtt":1', '"rtt":1e1'],
    ['"rtt":1', '"rtt":0.30000000000000004'],
  ] as const) {
    const text = `[{"ts":${start},"val":${val(one)}},{"ts":${start + 1},"val":${val(other)}}]`;
    const scanned = scan(text, context);
    expect(scanned?.traces).toHaveLength(2);
    expect(scanned).toEqual(parse(text, context));
  }
});

test('a name that becomes known later counts for repeated hops too', () => {
  const [, context] = contexts as [TraceContext, TraceContext];
  const nameless = [hop(1, '192.0.2.9')];
  const named = [{ ...hop(1, '192.0.2.9'), hostname: 'r2.example.net' }];
  const answer = [nameless, named, nameless].map((hops, index) => ({
    ts: start + index,
    val: [...hops, ...Array.from({ length: 29 }, (_, silent) => hop(2 + silent))],
  }));
  const scanned = scan(JSON.stringify(answer), context);
  expect(scanned?.traces.map(({ route }) => route.reached)).toEqual([false, true, true]);
});

test('what archives do not send is left to the parser', () => {
  const [context] = contexts as [TraceContext];
  const record = `{"ts":${start},"val":[]}`;
  for (const text of [
    '',
    '{}',
    'null',
    `[${record}`,
    `[${record},]`,
    `[${record}] x`,
    `[{"val":[],"ts":${start}}]`,
    `[{"ts":0${start},"val":[]}]`,
    `[{"ts":${start},"val":[],"x":1}]`,
    `[{"ts":${start},"val":[{"ttl":01}]}]`,
  ])
    expect(scan(text, context)).toBeNull();
});

test('a response whose hops never repeat is left to the parser', () => {
  const [context] = contexts as [TraceContext];
  const answer = Array.from({ length: 600 }, (_, index) => ({
    ts: start + index,
    val: [{ ...hop(1, '192.0.2.9'), note: index }],
  }));
  expect(scan(JSON.stringify(answer), context)).toBeNull();
});
