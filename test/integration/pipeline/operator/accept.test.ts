import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Trace } from '../../../../src/model/trace/trace.ts';
import { incidentCode } from '../../../../src/notify/routing/incidentCode.ts';
import { detectChanges } from '../../../../src/pipeline/detect/detectChanges.ts';
import { meshChanges } from '../../../../src/pipeline/publish/meshChanges.ts';
import { openStore } from '../../../../src/store/open.ts';
import type { Store } from '../../../../src/store/store.ts';
import { sessionAt } from '../../../helpers/sessionAt.ts';
import { place, pstrace } from '../../cli/command.ts';
import { listedTest, readingOf, routeThrough } from '../../store/samples.ts';

const interval = 600;
const hour = 3600;
const day = 24 * hour;
/** The command reads the real clock, so that the traces end now. */
const now = interval * Math.floor(Date.now() / 1000 / interval);
const onset = now - 2 * day;
const usual = routeThrough('192.0.2.1', '198.51.100.1', '198.51.100.9', '203.0.113.9');
const dead = { ...routeThrough('192.0.2.1', '198.51.100.1'), reached: false };
const ids = ['a', 'b'];

let state = '';
let options: string[] = [];

function inStore<Result>(work: (store: Store) => Result): Result {
  const store = openStore(state, now);
  try {
    return work(store);
  } finally {
    store.close();
  }
}

function tracesOf(from: number, to: number, route: Trace['route']): Trace[] {
  return Array.from({ length: (to - from) / interval }, (_, index) => {
    const startedAt = from + index * interval;
    const rttMs = route.hops.map(({ ttl }) => 4 * ttl + ((startedAt / interval) % 7) / 10);
    return { startedAt, route, rttMs, probes: null };
  });
}

/** Stores the traces of both tests, and looks for changes. */
async function run(at: number, traces: readonly Trace[]): Promise<void> {
  const store = openStore(state, now);
  onTestFinished(() => store.close());
  for (const id of ids) store.append(id, readingOf(traces));
  const config = { policies: [], groups: [], overlapSeconds: 2 * hour };
  const settings = { ...config, acceptAfterSeconds: 7 * day, runLimitSeconds: 60 };
  expect(await detectChanges(store, settings, sessionAt(at), () => [])).toEqual([]);
}

function changes(at = now + 10 * day) {
  const window = { from: onset, to: at };
  return inStore((store) => meshChanges(store, window, at, { alerts: null, groups: [] }).records)
    .filter(({ change }) => change.class !== 'new_test')
    .map(({ change, closedAt, acceptance, test: { id } }) => ({
      id,
      class: change.class,
      by: change.onset.by,
      closedAt,
      note: acceptance?.note ?? null,
    }));
}

function incident() {
  return inStore((store) => store.incidents.since(0))[0];
}

const code = () => incidentCode(incident()?.id ?? '', null);

beforeEach(async () => {
  const where = place('');
  state = where.state;
  options = where.options.slice(2);
  inStore((store) =>
    store.upsertTests(
      ids.map((id) => ({
        ...listedTest(id),
        source: { name: `${id}.example.net`, address: id === 'a' ? '192.0.2.10' : '192.0.2.11' },
      })),
      now - 5 * day,
    ),
  );
  await run(onset, tracesOf(onset - 2 * day, onset, usual));
  await run(now - day, tracesOf(onset, now - day, dead));
});

describe('pstrace accept', () => {
  test('makes the open changes of an incident usual, until it is undone', async () => {
    expect(incident()).toMatchObject({ status: 'open', tests: ids });
    const { code: exit, stdout } = await pstrace(
      'accept',
      code(),
      '--note',
      'old\nlink',
      ...options,
    );
    expect(exit).toBe(0);
    expect(stdout).toMatch(/ {2}accepted on 20\d\d-.* UTC by \S+: old link\n$/);
    expect(incident()).toMatchObject({ status: 'accepted' });
    expect(changes().map(({ note, closedAt }) => [note, closedAt])).toEqual([
      ['old link', null],
      ['old link', null],
    ]);
    expect((await pstrace('accept', ...options)).stdout).toContain('accepted on');
    expect((await pstrace('ack', ...options)).stdout).toBe('');
    const undone = await pstrace('accept', code(), '--undo', ...options);
    expect(undone).toMatchObject({ code: 0 });
    expect(undone.stdout).not.toContain('accepted');
    expect(incident()).toMatchObject({ status: 'open', to: null });
    expect(changes()).toMatchObject([
      { note: null, by: onset },
      { note: null, by: onset },
    ]);
  });

  test('accepts one test of it, which stays open for the others', async () => {
    const limited = ['--test', 'a.example.net > *', '--note', 'moved'];
    const { stdout } = await pstrace('accept', code(), ...limited, ...options);
    expect(stdout).toContain('1 of 2 changes accepted on');
    expect(
      changes()
        .map(({ id, note }) => [id, note])
        .sort(),
    ).toEqual([
      ['a', 'moved'],
      ['b', null],
    ]);
    expect(incident()).toMatchObject({ status: 'open' });
    const other = await pstrace('accept', code(), '--test', 'c > *', '--note', 'x', ...options);
    expect(other.code).toBe(64);
    expect(other.stderr).toContain('Its tests are: b.example.net → ');
  });

  test('needs a note, one incident, and none that is accepted already', async () => {
    const withoutNote = await pstrace('accept', code(), ...options);
    expect(withoutNote).toMatchObject({ code: 64 });
    expect(withoutNote.stderr).toContain('Give --note');
    const withoutIncident = await pstrace('accept', '--note', 'x', ...options);
    expect(withoutIncident.code).toBe(64);
    expect(withoutIncident.stderr).toContain('The incident is missing.');
    for (const refused of [
      ['nothing', '--note', 'x'],
      [code(), '--undo'],
    ]) {
      const { code: exit, stderr } = await pstrace('accept', ...refused, ...options);
      expect(exit).toBe(64);
      expect(stderr).toContain('List them: pstrace accept.');
    }
    await pstrace('accept', code(), '--note', 'x', ...options);
    expect(await pstrace('accept', code(), '--note', 'y', ...options)).toMatchObject({ code: 64 });
    const both = await pstrace('accept', code(), '--undo', '--note', 'y', ...options);
    expect(both.code).toBe(64);
    expect(changes().map(({ note }) => note)).toEqual(['x', 'x']);
  });

  test('raises no further alarm, and the end of what was accepted is an end', async () => {
    await pstrace('accept', code(), '--note', 'old link', ...options);
    const accepted = changes();
    await run(now + 2 * day, tracesOf(now - day, now + 2 * day, dead));
    expect(changes()).toEqual(accepted);
    expect(incident()).toMatchObject({ status: 'accepted' });
    await run(now + 3 * day, tracesOf(now + 2 * day, now + 3 * day, usual));
    expect(changes().map((each) => [each.class, each.note, each.closedAt])).toEqual([
      ['recovered', null, now + 2 * day + interval],
      ['recovered', null, now + 2 * day + interval],
      ['unreachable', 'old link', now + 2 * day + interval],
      ['unreachable', 'old link', now + 2 * day + interval],
    ]);
    expect(incident()).toMatchObject({ status: 'recovered' });
    await run(now + 5 * day, tracesOf(now + 3 * day, now + 5 * day, dead));
    expect(changes().slice(0, 2)).toMatchObject([
      { class: 'unreachable', note: null, closedAt: null },
      { class: 'unreachable', note: null, closedAt: null },
    ]);
  });

  test('outlasts late results, for which the detection returns to an earlier state', async () => {
    const late = tracesOf(now - day, now + day, dead);
    const isLate = (_: Trace, index: number) => index % 12 === 0;
    for (let at = now - day + hour; at <= now + day; at += hour) {
      const came = late.filter(({ startedAt }) => startedAt >= at - hour && startedAt < at);
      await run(
        at,
        came.filter((each) => !isLate(each, late.indexOf(each))),
      );
      if (at === now) await pstrace('accept', code(), '--note', 'old link', ...options);
      if (at > now) await run(at, came);
    }
    expect(changes()).toMatchObject([
      { class: 'unreachable', note: 'old link', by: onset, closedAt: null },
      { class: 'unreachable', note: 'old link', by: onset, closedAt: null },
    ]);
    expect(incident()).toMatchObject({ status: 'accepted' });
  });
});
