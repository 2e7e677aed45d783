import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  assignKeys,
  groupKeys,
  type KeyedTest,
  takeTurns,
} from '../../../src/analysis/testIdentity.ts';

const own = 'ps-a.example.net/esmond/perfsonar/archive';
const central = 'ma.example.org/esmond/perfsonar/archive';
const minute = 60;
const hour = 3600;

/** A key with a trace every ten minutes, over the first ten hours unless told otherwise. */
function key(id: string, other: Partial<KeyedTest> = {}): KeyedTest {
  return {
    id,
    archive: own,
    key: id,
    tool: 'traceroute',
    source: { address: '192.0.2.1', name: 'ps-a.example.net' },
    destination: { address: '198.51.100.1', name: 'ps-b.example.org' },
    family: 4,
    intervalSeconds: 10 * minute,
    taskName: null,
    parameters: { 'trace-max-ttl': '30', 'ip-packet-size': '60' },
    sameAs: null,
    firstSeenAt: 0,
    lastListedAt: 0,
    firstTraceAt: 0,
    newestTraceAt: 10 * hour,
    watchedSince: null,
    isScheduled: null,
    ...other,
  };
}

const ids = (keys: readonly KeyedTest[]) =>
  groupKeys(keys).map((each) => each.keys.map(({ id }) => id));
const between = (from: number, to: number) => ({ firstTraceAt: from, newestTraceAt: to });
const large = { parameters: { 'trace-max-ttl': '30', 'ip-packet-size': '1500' } };

describe('the keys of several archives', () => {
  test('with equal parameters, in any order, name one test', () => {
    const parameters = { 'ip-packet-size': '60', 'trace-max-ttl': '30' };
    expect(ids([key('a'), key('b', { archive: central, parameters })])).toEqual([['a', 'b']]);
  });

  test('of another tool, family, direction or parameter name another test', () => {
    const ends = { source: key('x').destination, destination: key('x').source };
    const keys = [
      key('a'),
      key('b', { archive: central, tool: 'tracepath' }),
      key('c', { archive: central, family: 6 }),
      key('d', { archive: central, ...ends }),
      key('e', { archive: central, ...large }),
    ];
    expect(ids(keys)).toEqual([['a'], ['b'], ['c'], ['d'], ['e']]);
  });

  test('stay apart when one archive has the test twice at the same time', () => {
    const keys = [key('a'), key('b', { archive: central }), key('c', { archive: central })];
    expect(ids(keys)).toEqual([['a'], ['b'], ['c']]);
    expect(ids(keys.toReversed())).toEqual([['c'], ['b'], ['a']]);
  });
});

describe('a key that begins when another one ends', () => {
  const first = key('a', between(0, 10 * hour));

  test.each([
    ['with other parameters', large],
    ['with equal parameters, in the same archive', {}],
    ['with other parameters, in another archive', { ...large, archive: central }],
  ])('names the same test %s', (_, other) => {
    const second = key('b', { ...other, ...between(10 * hour + 600, 11 * hour) });
    const [found] = groupKeys([second, first]);
    expect(found?.keys.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(found).toMatchObject({
      id: 'a',
      key: 'b',
      archive: second.archive,
      parameters: second.parameters,
      firstTraceAt: 0,
      newestTraceAt: 11 * hour,
    });
  });

  test('also if the two overlap for a run or two', () => {
    const second = key('b', { ...large, ...between(10 * hour - 600, 11 * hour) });
    expect(ids([first, second])).toEqual([['a', 'b']]);
  });

  test('is undecided as long as the first one may go on', () => {
    const second = key('b', { ...large, ...between(10 * hour + 60, 10 * hour + 20 * minute) });
    expect(groupKeys([first, second]).map(({ id, sameAs }) => [id, sameAs])).toEqual([
      ['a', 'a'],
      ['b', null],
    ]);
    const goingOn = { ...first, newestTraceAt: 10 * hour + 30 * minute };
    expect(assignKeys([goingOn, second]).get('b')).toBe('b');
  });

  test('does not take over for a single run by hand', () => {
    const byHand = key('b', { ...large, ...between(15 * hour, 15 * hour), intervalSeconds: null });
    expect(assignKeys([first, byHand]).get('b')).toBeUndefined();
  });

  test('takes over from the one with the most equal parameters', () => {
    const other = key('b', { ...large, ...between(0, 10 * hour) });
    const next = key('c', {
      parameters: { ...large.parameters, 'ip-tos': '8' },
      ...between(10 * hour + 600, 11 * hour),
    });
    expect(ids([first, other, next])).toEqual([['a'], ['b', 'c']]);
  });

  test('takes over from none if several fit equally well', () => {
    const other = key('b', { ...large, ...between(0, 10 * hour) });
    const parameters = { 'trace-max-ttl': '30', 'ip-packet-size': '9000' };
    const next = key('c', { parameters, ...between(10 * hour + 600, 11 * hour) });
    expect(ids([first, other, next])).toEqual([['a'], ['b'], ['c']]);
  });
});

test('a stored decision stands, whatever the traces look like', () => {
  const keys = [
    key('a', { sameAs: 'a' }),
    key('b', { ...large, sameAs: 'a' }),
    key('c', { archive: central, sameAs: 'c' }),
  ];
  expect(ids(keys)).toEqual([['a', 'b'], ['c']]);
});

test('the test that the detection knows keeps its name', () => {
  const known = key('b', { archive: central, watchedSince: 5 });
  expect(groupKeys([key('a'), known])).toMatchObject([{ id: 'b' }]);
});

test('two keys that both go on never name one test unless their archives and only those differ', () => {
  const span = fc.record({
    archive: fc.constantFrom(own, central),
    size: fc.constantFrom('60', '1500'),
    from: fc.integer({ min: 0, max: 5 }),
  });
  fc.assert(
    fc.property(fc.array(span, { minLength: 2, maxLength: 6 }), (spans) => {
      const keys = spans.map(({ archive, size, from }, index) =>
        key(`k${index}`, {
          archive,
          parameters: { 'ip-packet-size': size },
          ...between(from * hour, 10 * hour),
        }),
      );
      for (const { keys: same } of groupKeys(keys)) {
        expect(new Set(same.map((each) => each.archive)).size).toBe(same.length);
        expect(new Set(same.map(({ parameters }) => JSON.stringify(parameters))).size).toBe(1);
      }
    }),
  );
});

test('traces take turns if two keys are measured side by side, not if one follows the other', () => {
  const every = (from: number, to: number) =>
    Array.from({ length: (to - from) / 10 }, (_, index) => from + 10 * index);
  expect(takeTurns(every(0, 100), every(5, 105))).toBe(true);
  expect(takeTurns(every(0, 100), every(100, 200))).toBe(false);
  expect(takeTurns([...every(0, 50), ...every(100, 150)], every(50, 100))).toBe(false);
});
