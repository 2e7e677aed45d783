import { describe, expect, test } from 'vitest';
import {
  acceptTest,
  addChange,
  closeTest,
  type IncidentsState,
  pruneClosed,
} from '../../../../src/analysis/detection/incidents/incidents.ts';
import { viewIncident } from '../../../../src/analysis/detection/incidents/incidentView.ts';
import { blankChange } from '../../../../src/model/blankChange.ts';
import type { Change, ChangeClass, Evidence } from '../../../../src/model/change.ts';
import { resolveMergedId } from '../../../../src/model/incident.ts';
import { createIncidents } from '../../../helpers/createIncidents.ts';

const ten = 1_700_000_000;

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
  return addChange(state, change, { source, destination });
}

const unknown = { kind: 'unknown', name: '' } as const;

function courseAt(state: IncidentsState, at: number): string {
  const [incident] = state.incidents;
  if (incident === undefined) throw new Error('no incident');
  return viewIncident(incident, { suspect: unknown, unaffectedTests: [] }, at).status;
}

describe('incidents', () => {
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

  test('the return to the old route joins the incident that it ends, a day and a half later', () => {
    const state = createIncidents();
    const first = add(state, changed('a-b', 'intra_as', ten, { removed: ['r1'], added: ['r2'] }));
    acceptTest(state, 'a-b', ten + 86_400, ['intra_as']);
    pruneClosed(state, ten + 100_000);
    const back = changed('a-b', 'intra_as', ten + 130_000, { removed: ['r2'], added: ['r1'] });
    expect(add(state, { ...back, seenBeforeAt: ten - 600 })).toBe(first);
    const other = changed('a-b', 'intra_as', ten + 180_000, { removed: ['r7'], added: ['r8'] });
    expect(add(state, { ...other, seenBeforeAt: ten + 40_000 })).not.toBe(first);
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
