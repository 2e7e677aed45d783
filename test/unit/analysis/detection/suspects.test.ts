import { expect, test } from 'vitest';
import { addChange } from '../../../../src/analysis/detection/incidents/incidents.ts';
import { findSuspect } from '../../../../src/analysis/detection/incidents/suspects.ts';
import { blankChange } from '../../../../src/model/change/blankChange.ts';
import type { Change, ChangeClass, Evidence } from '../../../../src/model/change/change.ts';
import { createIncidents } from '../../../helpers/createIncidents.ts';

const ten = 1_800_000_000;

/** `a>b` is a test from a to b; a digit tells tests of one pair apart. */
function endsOf(testId: string) {
  const [source = '', destination = ''] = testId.replace(/\d$/, '').split('>');
  return { source, destination };
}

function change(testId: string, of: ChangeClass, evidence: Partial<Evidence> = {}): Change {
  const blank = blankChange(testId, of, 'major', ten);
  const onset = { after: ten - 600, by: ten };
  return { ...blank, onset, evidence: { ...blank.evidence, ...evidence } };
}

/** The suspect of changes among the tests of a mesh; `answering`: devices that still answer. */
function suspectOf(
  changes: readonly Change[],
  mesh: readonly string[],
  answering: readonly string[] = [],
) {
  const state = createIncidents();
  for (const each of changes) addChange(state, each, endsOf(each.testId));
  expect(state.incidents).toHaveLength(1);
  const [incident] = state.incidents;
  if (incident === undefined) throw new Error('no incident');
  const { suspect, unaffectedTests } = findSuspect(incident, {
    usersOf: (element) =>
      new Set(
        mesh.filter((id) => Object.values(endsOf(id)).some((end) => element === `host ${end}`)),
      ),
    endsOf,
    answers: (element) => answering.includes(element),
  });
  return { suspect: `${suspect.kind} ${suspect.name}`.trim(), unaffectedTests };
}

test('of a single test, the suspect is the destination that fell silent, not the source', () => {
  const dead = change('a>c', 'unreachable');
  expect(suspectOf([dead], ['a>c']).suspect).toBe('host c');
  expect(suspectOf([change('c>a', 'unreachable')], ['c>a']).suspect).toBe('host a');
});

test('tests of one pair, over both families or with two tools, are one witness', () => {
  const both = ['a>c4', 'a>c6'].map((id) => change(id, 'unreachable', { removed: ['r1'] }));
  expect(suspectOf(both, ['a>c4', 'a>c6']).suspect).toBe('host c');
});

test('one witness suspects no destination that other tests use', () => {
  const dead = change('a>c', 'unreachable', { removed: ['r1', 'r2'] });
  expect(suspectOf([dead], ['a>c', 'b>c']).suspect).toBe('unknown');
  const bothWays = ['a>c', 'c>a'].map((id) => change(id, 'unreachable', { removed: ['r1'] }));
  expect(suspectOf(bothWays, ['a>c', 'c>a']).suspect).toBe('unknown');
});

test('one witness of another route, loss or RTT cannot tell routers apart', () => {
  const evidence = { removed: ['r1', 'r2'], removedLinks: ['192.0.2.0/30'], adjacent: ['r3'] };
  for (const of of ['inter_as', 'loss', 'rtt_shift', 'flap'] as const)
    expect(suspectOf([change('a>c', of, evidence)], ['a>c', 'a>d']).suspect).toBe('unknown');
});

test('several witnesses suspect what most of them lost, unless it answers', () => {
  const mesh = ['a>c', 'b>d'];
  const cut = mesh.map((id) => change(id, 'unreachable', { removed: ['r1', 'r2'] }));
  expect(suspectOf(cut, mesh).suspect).toBe('router r1');
  expect(suspectOf(cut, mesh, ['r1']).suspect).toBe('router r2');
});

test('the suspect of outages of one destination is that host, by its name alone', () => {
  const dead = ['a>c', 'b>c'].map((id) => change(id, 'unreachable'));
  expect(suspectOf(dead, ['a>c', 'b>c', 'c>a'])).toEqual({
    suspect: 'host c',
    unaffectedTests: ['c>a'],
  });
});

test('a source whose tests deliver nothing any more is the suspect', () => {
  const gone = ['a>c4', 'a>c6'].map((id) => change(id, 'vanished', { removed: ['host a'] }));
  expect(suspectOf(gone, ['a>c4', 'a>c6']).suspect).toBe('host a');
});
