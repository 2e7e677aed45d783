import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { IntegrityCheck } from '../../../../src/store/admin/checkDatabase.ts';
import { openForAdmin, openStore } from '../../../../src/store/open.ts';
import { tempDir } from '../../../helpers/tempDir.ts';
import { fillAlerts } from '../alertSamples.ts';
import { exported } from '../exchange/exchanged.ts';
import {
  listedTest,
  midnight,
  periodAt,
  readingOf,
  routeThrough,
  runAt,
  traceAt,
} from '../samples.ts';

/** A state folder with rows in every table. */
function filledState(): string {
  const dir = join(tempDir(), 'var');
  const store = openStore(dir, midnight);
  store.upsertTests([listedTest('a'), listedTest('b')], midnight);
  for (const id of ['a', 'b']) {
    const route = routeThrough('192.0.2.1', null, '198.51.100.9');
    const probes = { sent: [3, 3, 3], received: [3, 2] };
    const traces = [0, 600, 30_000].map((at) => ({ ...traceAt(midnight + at, route), probes }));
    store.append(id, readingOf(traces, { failures: [{ at: midnight, error: 'no reason given' }] }));
    store.finalizeDay(id, midnight, [periodAt(0, 30_000, 3)]);
  }
  fillAlerts(store, 'a');
  store.setListedUntil('ma', midnight);
  store.startRun(runAt(midnight));
  store.close();
  return dir;
}

function checked(dir: string): IntegrityCheck {
  const admin = openForAdmin(dir, midnight, 'read');
  try {
    return admin.check();
  } finally {
    admin.close();
  }
}

function change(dir: string, ...statements: string[]): void {
  const database = new DatabaseSync(join(dir, 'pstrace.db'), {
    enableForeignKeyConstraints: false,
  });
  for (const statement of statements) database.exec(statement);
  database.close();
}

test('an intact database has no faults, and its content is counted', () => {
  expect(checked(filledState())).toEqual({
    faults: [],
    counts: { tests: 2, traces: 6, routes: 1, responders: 3, routePeriods: 2, changes: 2 },
  });
});

describe('a fault is reported:', () => {
  test.each([
    ['a packed route', "UPDATE route SET body = x'0103'", /^route 1: the bytes end too early/],
    [
      'an address that a route needs',
      'DELETE FROM responder WHERE number = 1',
      /route 1: responder 1 is missing/,
    ],
    ['a route that traces need', 'DELETE FROM route', /^traces \d+: route 1 is missing/],
    [
      'packed traces',
      "UPDATE chunk SET body = x'07' WHERE key % 4294967296 = 1",
      /unknown format 7/,
    ],
    ['traces of a later time', 'UPDATE chunk SET key = key + 429496729600', /out of order/],
    [
      'traces of no test',
      'UPDATE chunk SET key = key + 7 WHERE key % 4294967296 = 2',
      /test 9 is missing/,
    ],
    ['times without a hop', "UPDATE route SET body = x'01010101010101'", /times do not match/],
    [
      'a test with foreign keys',
      'DELETE FROM test WHERE number = 2',
      /failure refers to a missing test/,
    ],
    ['a route of a period', 'DELETE FROM pattern', /the route of a period of test 1 is missing/],
    [
      'a packed route of a period',
      "UPDATE pattern SET body = x'02'",
      /route of a period 1: .*format/,
    ],
    ['a period turned round', 'UPDATE route_period SET to_at = 0', /test 1 ends before it starts/],
    ['a test that is no JSON', "UPDATE test SET parameters = '{' WHERE number = 1", /^test 1: /],
    ['a packed change', "UPDATE change SET body = x'07'", /^change 1: .*format 7/],
    ['a packed incident', "UPDATE incident SET engine = x'01ff'", /^incident incident-a@.*read/],
    ['what the detection remembers', "UPDATE detection SET body = x'01'", /^detection of test 1: /],
    [
      'what the detection remembers, cut short',
      'UPDATE detection SET body = substr(body, 1, 9)',
      /^detection of test 1: .*cannot be read/,
    ],
    ['a policy that is no JSON', "UPDATE test SET policy_state = '{'", /^policy of test 1: /],
    ['a message that is no JSON', "UPDATE outbox SET notices = ''", /^message 1: /],
    ['a run that is no JSON', "UPDATE run SET body = 'x'", /^run 1: /],
  ])('%s', (_, statement, finding) => {
    const dir = filledState();
    change(dir, statement);
    expect(checked(dir).faults).toContainEqual(expect.stringMatching(finding));
  });

  test('an overwritten page of the file', () => {
    const dir = filledState();
    const path = join(dir, 'pstrace.db');
    const database = new DatabaseSync(path);
    const root = database
      .prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_route_1'")
      .get();
    database.close();
    const bytes = readFileSync(path);
    bytes.fill(0, (Number(root?.rootpage) - 1) * 4096, Number(root?.rootpage) * 4096);
    writeFileSync(path, bytes);
    expect(checked(dir).faults.length).toBeGreaterThan(0);
    expect(exported(dir).lines.length).toBeGreaterThan(10);
  });

  test('at most a hundred times', () => {
    const dir = filledState();
    const store = openStore(dir, midnight);
    onTestFinished(() => store.close());
    const ids = Array.from({ length: 150 }, (_, index) => `t${index}`);
    store.upsertTests(
      ids.map((id) => listedTest(id)),
      midnight,
    );
    change(dir, "UPDATE test SET event_types = 'x'");
    expect(checked(dir).faults).toHaveLength(100);
  });
});

test('a database with damage in its content only is quarantined by the next run', () => {
  const dir = filledState();
  change(dir, "UPDATE chunk SET body = x'07'");
  const store = openStore(dir, midnight);
  expect(() => store.traces('a', { from: 0, to: 2 ** 40 })).toThrow('it is damaged');
  store.close();
  const next = openStore(dir, midnight);
  onTestFinished(() => next.close());
  expect(next.problems[0]?.message).toMatch(/was damaged \(traces .* format 7\); it was moved to/);
  expect(next.tests()).toEqual([]);
});
