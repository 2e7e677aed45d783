import { describe, expect, test } from 'vitest';
import {
  acceptTest,
  addChange,
  closeTest,
  type IncidentsState,
  pruneClosed,
} from '../../../../src/analysis/detection/incidents/incidents.ts';
import { viewIncident } from '../../../../src/analysis/detection/incidents/incidentView.ts';
import { restoreIncident } from '../../../../src/analysis/detection/incidents/restoreIncident.ts';
import { blankChange } from '../../../../src/model/change/blankChange.ts';
import type { Change, ChangeClass, Evidence } from '../../../../src/model/change/change.ts';
import { resolveMergedId } from '../../../../src/model/incident/incident.ts';
import { createIncidents } from '../../../helpers/createIncidents.ts';

const ten = 1_700_000_000;
const hour = 3600;
const day = 24 * hour;

function changed(
  testId: string,
  kind: ChangeClass,
  at: number,
  evidence: Partial<Evidence> = {},
): Change {
  const blank = blankChange(testId, kind, 'moderate', at);
  return {
    ...blank,
    onset: { after: at - 600, by: at },
    evidence: { ...blank.evidence, ...evidence },
  };
}

function add(state: IncidentsState, change: Change): string {
  const [source = '', destination = ''] = change.testId.split('-');
  return addChange(state, change, { source, destination }).id;
}

const unknown = { kind: 'unknown', name: '' } as const;

function memberOf({ id: changeId, testId, class: kind, severity, detectedAt, onset }: Change) {
  const span = { after: onset.after ?? onset.by, by: onset.by };
  return { changeId, testId, class: kind, severity, detectedAt, ...span, closedAt: null };
}

function courseAt(state: IncidentsState, at: number): string {
  const [incident] = state.incidents;
  if (incident === undefined) throw new Error('no incident');
  return viewIncident(incident, { suspect: unknown, unaffectedTests: [] }, at).status;
}

describe('incidents', () => {
  test('begin at the median of the first change of each test, as mails say', () => {
    const changes = [
      changed('a-b', 'inter_as', ten),
      changed('a-b', 'inter_as', ten + 900),
      changed('c-d', 'inter_as', ten + 60),
    ];
    const incident = { id: 'i', traits: {}, members: changes.map(memberOf) };
    const suspicion = { suspect: unknown, unaffectedTests: [] };
    expect(viewIncident(incident, suspicion, ten).from).toBe(ten);
  });

  test('reroutes without new devices are one incident where they lie next to the same devices', () => {
    const state = createIncidents();
    const adjacent = ['cr1.lon.example.net', 'cr1.gva.example.net'];
    const first = add(state, changed('a-b', 'intra_as', ten, { adjacent }));
    expect(add(state, changed('c-d', 'intra_as', ten + 100, { adjacent }))).toBe(first);
    const elsewhere = { adjacent: ['cr1.sin.example.net'] };
    expect(add(state, changed('e-f', 'intra_as', ten + 100, elsewhere))).not.toBe(first);
  });

  test('27 tests rerouted within 8 minutes are one incident, though the clock of one source is 12 minutes off', () => {
    const state = createIncidents();
    const evidence = {
      removed: ['cr1.lon.example.net', 'cr2.lon.example.net'],
      added: ['cr1.par.example.net'],
    };
    const times = Array.from({ length: 27 }, (_, index) => ten + 18 * index);
    const changes = times.map((at, index) =>
      changed(`s${index}-d${index % 5}`, 'intra_as', at, evidence),
    );
    changes.push(changed('skewed-d9', 'intra_as', ten + 720 + 480, evidence));
    const ids = changes.map((change) => add(state, change));
    expect(new Set(ids.map((id) => resolveMergedId(state.merged, id))).size).toBe(1);
    expect(state.incidents).toHaveLength(1);
  });

  test('a cut after the repair of an earlier one is another incident', () => {
    const state = createIncidents();
    const cut = { removed: ['r1'], added: ['r2'] };
    const pairs = ['a-b', 'c-d', 'e-f', 'g-h'];
    const cutAt = (at: number) =>
      new Set(pairs.map((id, index) => add(state, changed(id, 'intra_as', at + index, cut))));
    const [first, ...others] = cutAt(ten);
    for (const id of pairs) closeTest(state, id, ten + 36 * hour);
    expect(others).toEqual([]);
    const again = cutAt(ten + 84 * hour);
    expect(again.size).toBe(1);
    expect(again).not.toContain(first);
  });

  test('an incident that has ended takes what began with it, and nothing later', () => {
    const state = createIncidents();
    const cut = { removed: ['r1'], added: ['r2'] };
    const first = add(state, changed('a-b', 'intra_as', ten, cut));
    closeTest(state, 'a-b', ten + 600);
    const againAt = (at: number) =>
      add(structuredClone(state), changed('a-b', 'intra_as', at, cut));
    expect(againAt(ten + 600 + 1800)).toBe(first);
    expect(againAt(ten + 600 + hour + 1200)).not.toBe(first);
    pruneClosed(state, ten + 6 * hour);
    const slow = changed('c-d', 'intra_as', ten + 6 * hour, cut);
    expect(add(state, { ...slow, onset: { after: ten - 900, by: ten + hour } })).toBe(first);
    closeTest(state, 'c-d', ten + 6 * hour);
    expect(add(state, changed('a-b', 'intra_as', ten + 12 * hour, cut))).not.toBe(first);
  });

  test('the return to the route left first ends its incident, a week after that was accepted', () => {
    const state = createIncidents();
    const first = add(state, changed('a-b', 'intra_as', ten, { removed: ['r1'], added: ['r2'] }));
    acceptTest(state, 'a-b', ten + 7 * day, ['intra_as']);
    pruneClosed(state, ten + 8 * day);
    const back = changed('a-b', 'intra_as', ten + 8 * day, { removed: ['r2'], added: ['r1'] });
    const returned = { ...back, seenBeforeAt: ten - 600 };
    const worse = { ...returned, verdict: { ...back.verdict, effect: 'worse' as const } };
    expect(add(structuredClone(state), worse)).not.toBe(first);
    expect(add(state, returned)).toBe(first);
    expect(courseAt(state, ten + 8 * day)).toBe('recovered');
    // The next cut leaves that route once more: what it goes to was left with the return.
    const again = changed('a-b', 'intra_as', ten + 10 * day, { removed: ['r1'], added: ['r2'] });
    expect(add(state, { ...again, seenBeforeAt: ten + 8 * day - 600 })).not.toBe(first);
  });

  test('a change that belongs to two incidents makes them one, under the id of the older', () => {
    const state = createIncidents();
    const older = add(state, changed('a-b', 'intra_as', ten, { removed: ['r1'], added: ['r5'] }));
    const newer = add(state, changed('c-d', 'intra_as', ten, { removed: ['r2'], added: ['r6'] }));
    expect(newer).not.toBe(older);
    const both = { removed: ['r1', 'r2'], added: ['r5', 'r6'] };
    expect(add(state, changed('e-f', 'intra_as', ten + 60, both))).toBe(older);
    expect(state.merged).toEqual({ [newer]: older });
  });

  test('a dead host is one incident: tests from it fall silent, tests to it do not reach it', () => {
    const state = createIncidents();
    const dead = add(state, changed('a-b', 'unreachable', ten));
    const silent = changed('b-a', 'vanished', ten + 2 * hour, { removed: ['host b'] });
    expect(add(state, { ...silent, onset: { after: ten - 300, by: ten + 300 } })).toBe(dead);
  });

  test('a test that changes again belongs to the same incident, unless hours have passed', () => {
    const state = createIncidents();
    const cut = { removed: ['r1'] };
    const first = add(state, changed('a-b', 'intra_as', ten, cut));
    expect(add(state, changed('a-b', 'unreachable', ten + 1800, cut))).toBe(first);
    expect(add(state, changed('a-b', 'inter_as', ten + 5 * hour, cut))).not.toBe(first);
  });

  test('an incident of an earlier version takes what lost the same, and ends', () => {
    const member = changed('a-b', 'intra_as', ten);
    const stored = {
      id: 'incident-1',
      members: [memberOf(member), memberOf({ ...member, id: 'other', testId: 'c-d' })],
      removed: { r1: 2, r2: 1 },
      added: {},
      loose: { 'host a': 2, 'near r8': 1, 'as 64501': 2 },
      newestAt: ten,
    };
    const state = { ...createIncidents(), incidents: [restoreIncident(stored)] };
    expect(add(state, changed('e-f', 'intra_as', ten, { removed: ['r1'] }))).toBe('incident-1');
    expect(add(state, changed('g-h', 'intra_as', ten, { removed: ['r3'] }))).not.toBe('incident-1');
    for (const id of ['a-b', 'c-d', 'e-f']) closeTest(state, id, ten + hour);
    expect(courseAt(state, ten + hour)).toBe('recovered');
    const restored = JSON.parse(JSON.stringify(state.incidents[0]));
    expect(restoreIncident(restored)).toEqual(state.incidents[0]);
  });

  test('slower tests are one incident where their times rise at the same hop', () => {
    const state = createIncidents();
    const rise = { removed: ['cr1.fra.example.net'], adjacent: ['cr1.lon.example.net'] };
    const first = add(state, changed('a-b', 'rtt_shift', ten, rise));
    expect(add(state, changed('c-d', 'rtt_shift', ten + 300, rise))).toBe(first);
  });

  test('the end of a slow spell does not end an outage of the same test', () => {
    const state = createIncidents();
    add(state, changed('a-b', 'unreachable', ten));
    add(state, changed('a-b', 'rtt_shift', ten + 60));
    closeTest(state, 'a-b', ten + 600, ['rtt_shift']);
    const open = state.incidents.flatMap(({ members }) =>
      members.filter((member) => member.closedAt === null).map((member) => member.class),
    );
    expect(open).toEqual(['unreachable']);
  });

  test('the status runs from growing over open to recovered', () => {
    const state = createIncidents();
    add(state, changed('a-b', 'intra_as', ten, { removed: ['r'] }));
    add(state, changed('c-b', 'intra_as', ten + 60, { removed: ['r'] }));
    expect(courseAt(state, ten + 600)).toBe('growing');
    expect(courseAt(state, ten + 7200)).toBe('open');
    closeTest(state, 'a-b', ten + 7200, ['intra_as']);
    expect(courseAt(state, ten + 7200)).toBe('open');
    closeTest(state, 'c-b', ten + 7800, ['intra_as']);
    expect(courseAt(state, ten + 7800)).toBe('recovered');
  });

  test('an incident stays open for as long as its changes do', () => {
    const state = createIncidents();
    add(state, changed('a-b', 'unreachable', ten, { removed: ['r'] }));
    expect(courseAt(state, ten + 30 * 86_400)).toBe('open');
  });

  test('an incident that becomes normal without ending is accepted, not recovered', () => {
    const state = createIncidents();
    add(state, changed('a-b', 'intra_as', ten, { removed: ['r'] }));
    acceptTest(state, 'a-b', ten + 86_400);
    expect(courseAt(state, ten + 86_400)).toBe('accepted');
  });
});
