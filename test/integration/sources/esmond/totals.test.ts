import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { maxListedTests } from '../../../../src/sources/esmond/listTests.ts';
import { parseTraces } from '../../../../src/sources/esmond/parseResults.ts';
import { createResultFaults } from '../../../../src/sources/esmond/resultFaults.ts';
import {
  maxResponseAddresses,
  maxTraceAddresses,
} from '../../../../src/sources/esmond/traceCollector.ts';
import { basePath, eventType, metadata } from '../../../helpers/fakeArchive.ts';
import { openTestArchive } from '../../../helpers/openTestArchive.ts';

const window = { from: 1_700_000_000, to: 1_700_086_400 };
const address = (number: number) =>
  `2001:db8::${(number >> 16).toString(16)}:${(number & 65_535).toString(16)}`;

/** A result whose `count` addresses begin with the one of this number. */
function crowd(ts: number, first: number, count: number) {
  const hops = Array.from({ length: count }, (_, index) => ({
    ttl: 1 + Math.floor(index / 16),
    ip: address(first + index),
  }));
  return { ts, val: hops };
}

function parse(answer: unknown[]) {
  const faults = createResultFaults();
  const destination = { address: '2001:db8::1', name: 'b' };
  const context = { destination, firstTtl: 1, lastTtl: 30, interval: window };
  return { ...parseTraces(answer, context, faults), problems: faults.problems('test') };
}

test('a trace with more addresses than tools can find is ignored, and reported once', () => {
  const at = window.from;
  const good = parse([crowd(at, 0, maxTraceAddresses)]);
  expect(good.traces).toHaveLength(1);
  expect(good.problems).toEqual([]);
  const { traces, problems } = parse([
    crowd(at, 0, 600),
    crowd(at + 9, 0, 600),
    crowd(at + 20, 0, 9),
  ]);
  expect(traces).toHaveLength(1);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.message).toMatch(/more addresses than a test can have: 2, the first of 2023/);
});

test('a response brings a bounded number of addresses; later traces over these are read', () => {
  const crowds = Array.from({ length: 20 }, (_, index) =>
    crowd(window.from + index, index * 200, 200),
  );
  const { traces, responders, problems } = parse([...crowds, crowd(window.from + 99, 0, 100)]);
  expect(traces).toHaveLength(11);
  expect(responders.size).toBe(maxResponseAddresses);
  expect(problems).toHaveLength(1);
});

test('of a list, only descriptions are kept, and no more than an archive may have', async () => {
  const pages: number[] = [];
  const list = http.get(`*${basePath}/`, ({ request }) => {
    const offset = Number(new URL(request.url).searchParams.get('offset'));
    pages.push(offset);
    const page = Array.from({ length: 1000 }, (_, index) =>
      metadata({
        'metadata-key': String(offset + index).padStart(32, '0'),
        'event-types': [eventType('packet-trace', 2e9)],
      }),
    );
    return HttpResponse.json([{ ...page[0], 'metadata-count-total': 1e6 }, ...page.slice(1)]);
  });
  const { archive } = await openTestArchive([list]);
  const { tests, isComplete, problems } = await archive.listTests(window);
  expect(tests).toHaveLength(maxListedTests);
  expect(pages).toHaveLength(maxListedTests / 1000 + 1);
  expect(isComplete).toBe(false);
  expect(problems).toMatchObject([{ message: expect.stringMatching(/more than 20000 tests/) }]);
});

test('what a description keeps of a long text is a copy of its own', async () => {
  const { gc } = globalThis as { gc?: () => void };
  const key = (number: number) => String(number).padStart(32, '0');
  const list = http.get(`*${basePath}/`, ({ request }) => {
    const offset = Number(new URL(request.url).searchParams.get('offset'));
    if (offset >= 40_000) return HttpResponse.json([]);
    const page = Array.from({ length: 20 }, (_, index) =>
      metadata({
        'metadata-key': key(offset + index),
        'input-source': `${key(offset + index)}${'x'.repeat(200_000)}`,
      }),
    );
    return HttpResponse.json([{ ...page[0], 'metadata-count-total': 40_000 }, ...page.slice(1)]);
  });
  const { archive } = await openTestArchive([list]);
  gc?.();
  const before = process.memoryUsage().heapUsed;
  const { tests } = await archive.listTests(window);
  gc?.();
  expect(tests).toHaveLength(800);
  // 160 MB of names were sent.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(80_000_000);
});
