import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Config, parseConfig } from '../../../src/config/load.ts';
import { detectChanges } from '../../../src/pipeline/detect/detectChanges.ts';
import { loadAlertSettings } from '../../../src/pipeline/notify/alertSettings.ts';
import { createNotifier } from '../../../src/pipeline/notify/notifier.ts';
import { openStore } from '../../../src/store/open.ts';
import type { Store } from '../../../src/store/store.ts';
import { sessionAt } from '../../helpers/sessionAt.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { contentOf } from './content.ts';
import { imported, storeIn } from './exchange/exchanged.ts';
import { readingOf } from './samples.ts';
import { configText, noon, responders, testIds, tracesOf, upgradeAt } from './upgradedMesh.ts';

const fixtures = new URL('../../fixtures/store/upgrade/', import.meta.url);
const readFixture = (name: string) => readFileSync(new URL(name, fixtures), 'utf8');
const halfHour = 1800;

/** A state folder as version 6 left it; `changes`: more SQL to run. */
function stateOfVersion6(changes = ''): string {
  const dir = tempDir();
  const database = new DatabaseSync(join(dir, 'pstrace.db'));
  database.exec(`PRAGMA synchronous = OFF; ${readFixture('version-6.sql')} ${changes}`);
  database.close();
  return dir;
}

/** The store of the upgraded program. */
function upgradedStore(): Store {
  return storeIn(stateOfVersion6());
}

/** A store that imported an export of version 2 with the same content. */
function importedStore(): Store {
  const dir = tempDir();
  const lines = readFixture('export-2.ndjson').trimEnd().split('\n');
  const { complete, skipped } = imported(dir, lines);
  expect({ complete, skipped }).toEqual({ complete: true, skipped: [] });
  return storeIn(dir);
}

function config(): Config {
  const loaded = parseConfig(configText, '/etc/pstrace.toml', '/etc');
  if (loaded.config === null) throw new Error(JSON.stringify(loaded.faults));
  return loaded.config;
}

/** One run: detection, incidents and notifications, all delivered. */
async function run(store: Store, now: number): Promise<void> {
  const session = sessionAt(now);
  const notifier = createNotifier(config(), loadAlertSettings(config(), session), session);
  const problems = await detectChanges(store, { ...config() }, session, () =>
    notifier.plan(store, null, now),
  );
  expect(problems).toEqual([]);
  for (const { key } of store.outbox.pending()) store.outbox.markSent(key, now + 5);
}

/** Runs every half hour from the upgrade on. */
async function continueRuns(store: Store): Promise<void> {
  await run(store, upgradeAt);
  for (let now = upgradeAt + halfHour; now <= noon + 20 * halfHour; now += halfHour) {
    for (const id of testIds)
      store.append(id, readingOf(tracesOf(id, now - halfHour, now), { responders }));
    await run(store, now);
  }
}

/** What the store holds in the end, in the form in which version 6 recorded it. */
function outcomeOf(store: Store): unknown {
  return {
    messages: store.outbox
      .all()
      .map(({ key, kind, thread, plannedAt, notices }) => [
        key,
        kind,
        thread,
        plannedAt,
        notices.map((each) => [
          each.incidentId,
          each.kind,
          each.tests,
          each.severity,
          each.endedAt,
        ]),
      ]),
    changes: store.changes
      .since(0)
      .map(({ change, incidentId, closedAt, accepted }) => [
        change.id,
        incidentId,
        closedAt,
        accepted,
        change.severity,
        change.verdict.effect,
        change.verdict.measuredTo,
        change.evidence.removed,
        change.evidence.added,
        change.evidence.removedLinks,
        change.evidence.asns,
        change.evidence.adjacent ?? null,
        change.reassessedAt ?? null,
      ]),
    incidents: store.incidents
      .all()
      .map(({ incident, engine }) => [
        incident.id,
        incident.status,
        incident.severity,
        incident.from,
        incident.to,
        incident.suspect.kind,
        incident.suspect.name,
        incident.tests,
        incident.unaffectedTests,
        incident.members.map(({ changeId, closedAt }) => [changeId, closedAt]),
        engine === null,
      ]),
  };
}

describe.each([
  ['an upgraded database', upgradedStore],
  ['an imported export of version 2', importedStore],
])('%s', (_, open) => {
  test('continues the same incidents and repeats no notification', async () => {
    const store = open();
    await continueRuns(store);
    expect(outcomeOf(store)).toEqual(JSON.parse(readFixture('outcome.json')));
  });
});

test('the upgrade leaves no field name of version 6 behind', () => {
  const { messages, changes, incidents, findings, runs } = contentOf(upgradedStore());
  const names = new Set<string>();
  JSON.stringify({ messages, changes, incidents, findings, runs }, (name, value) => {
    names.add(name);
    return value;
  });
  for (const old of 'judgement measuredAt judgedAt left came leftLinks systems around course unaffected tells as settledAt'.split(
    ' ',
  ))
    expect(names).not.toContain(old);
});

test('the upgrade renames states and outcomes', () => {
  const store = upgradedStore();
  expect(store.outbox.counts(0)).toMatchObject({ givenUp: 1, waiting: 1 });
  expect(store.runs(3).map(({ outcome }) => outcome)).toEqual(['failed', 'partial', 'ok']);
  expect(store.detectionStates.meshStateNames()).toEqual(['testActivity']);
});

test('an imported export of version 2 equals the upgraded database', () => {
  expect(contentOf(importedStore())).toEqual(contentOf(upgradedStore()));
});

test('an export of version 1 is imported without loss', () => {
  const dir = tempDir();
  const lines = readFixture('export-1.ndjson').trimEnd().split('\n');
  expect(imported(dir, lines)).toMatchObject({ complete: true, skipped: [] });
  const store = storeIn(dir);
  expect(store.routeHistory('a', noon, 9).periods).toMatchObject([{ traces: 3 }]);
  expect(store.unfinalizedTests(noon)).toEqual([]);
  expect(store.runs(3).map(({ outcome }) => outcome)).toEqual(['failed', 'partial', 'ok']);
});

test('a body that cannot be read does not keep the database from being upgraded', () => {
  const damage = "UPDATE change SET body = x'07' WHERE number = 1; UPDATE run SET body = '{';";
  const store = openStore(stateOfVersion6(damage), upgradeAt);
  onTestFinished(() => store.close());
  expect(store.problems).toEqual([]);
  expect(store.changes.ofTest('b', 0)).toMatchObject([{ verdict: { effect: 'worse' } }]);
});
