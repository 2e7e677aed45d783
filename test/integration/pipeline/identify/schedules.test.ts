import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startOpenSearch } from '../../../helpers/fakeOpenSearch.ts';
import { traceDocument } from '../../../helpers/traceDocument.ts';
import { place } from '../../cli/command.ts';
import { runAt } from '../../faults/pstraceAt.ts';

const hour = 3600;
const start = 1_795_132_800;
const index = '.ds-pscheduler_trace-000001';

interface Dated {
  readonly startedAt: number;
  readonly document: ReturnType<typeof traceDocument>;
}

/** The state of each test of the matrix, by destination, after a run 30 h after the start. */
async function statesAfter(documents: readonly Dated[]) {
  const fake = await startOpenSearch();
  // The runs have a time of their own, which the clock of a peer would contradict.
  fake.intercept = (_, outgoing) => {
    outgoing.sendDate = false;
    return false;
  };
  const { out, options } = place('');
  const period = '24h';
  let from = 0;
  for (const at of [start + hour, start + 6 * hour, start + 30 * hour]) {
    const arrived = documents.filter((each) => from <= each.startedAt && each.startedAt < at);
    fake.add(index, ...arrived.map(({ document }) => document));
    from = at;
    const ended = await runAt(at, [`${fake.url}/opensearch`, period, ...options]);
    expect(ended.code, ended.stderr).toBe(0);
  }
  const { cells } = JSON.parse(readFileSync(join(out, 'data/matrix.json'), 'utf8')) as {
    cells: { destination: string; state: string }[];
  };
  return Object.fromEntries(cells.map(({ destination, state }) => [destination, state]));
}

function runOf(startedAt: number, changes: Parameters<typeof traceDocument>[1]): Dated {
  return { startedAt, document: traceDocument(startedAt, changes) };
}

/** Runs of one test, so many seconds apart. */
function runs(
  [digit, destination]: readonly [digit: string, destination: string],
  { count, spacing, repeat }: { count: number; spacing: number; repeat: number | null },
) {
  return Array.from({ length: count }, (_, number) =>
    runOf(start + number * spacing, { key: digit.repeat(64), destination, repeat }),
  );
}

const regular = runs(['a', '203.0.113.9'], { count: 180, spacing: 600, repeat: 600 });

test('runs without a schedule are not missed, though they took an afternoon', async () => {
  const byHand = runs(['b', '203.0.113.10'], { count: 9, spacing: 1800, repeat: null });
  expect(await statesAfter([...regular, ...byHand])).toEqual({ '203.0.113.9': 'ok' });
});

test('a test with a schedule is missed from its first run on', async () => {
  const scheduled = runs(['c', '203.0.113.11'], { count: 1, spacing: 3600, repeat: 3600 });
  expect(await statesAfter([...regular, ...scheduled])).toEqual({
    '203.0.113.9': 'ok',
    '203.0.113.11': 'stale',
  });
});

test('a run by hand with the settings of a scheduled test leaves its schedule', async () => {
  const scheduled = runs(['c', '203.0.113.11'], { count: 2, spacing: 3600, repeat: 3600 });
  const byHand = runOf(start + 1.5 * hour, {
    key: 'c'.repeat(64),
    destination: '203.0.113.11',
    repeat: null,
  });
  expect(await statesAfter([...regular, ...scheduled, byHand])).toMatchObject({
    '203.0.113.11': 'stale',
  });
});
