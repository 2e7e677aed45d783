import { describe, expect, test } from 'vitest';
import type { Incident } from '../../../../src/model/incident/incident.ts';
import { incidentCode } from '../../../../src/notify/routing/incidentCode.ts';
import { openStore } from '../../../../src/store/open.ts';
import { place, pstrace } from '../../cli/command.ts';

const now = Math.floor(Date.now() / 1000);

function incident(id: string, status: Incident['status'], from = now - 600): Incident {
  return {
    id,
    members: [],
    status,
    severity: 'major',
    from,
    to: null,
    suspect: { kind: 'link', name: '198.51.100.8/30' },
    tests: ['one', 'two'],
    unaffectedTests: [],
  };
}

/** A store with these incidents; the options that name it. */
function withIncidents(...incidents: readonly Incident[]): { state: string; options: string[] } {
  const { state, options } = place('');
  const store = openStore(state, now);
  for (const each of incidents) store.incidents.put({ incident: each, engine: {} });
  store.close();
  return { state, options: options.slice(2) };
}

function acknowledged(state: string) {
  const store = openStore(state, now, 'read');
  const all = store.acknowledgements.list();
  store.close();
  return all;
}

describe('pstrace ack', () => {
  const first = incident('incident-a@1-loss', 'open', now - 7200);
  const second = incident('incident-b@2-flap', 'growing');
  const over = incident('incident-c@3-flap', 'recovered');

  test('without operands lists the open incidents, newest first, with their acknowledgments', async () => {
    const { options } = withIncidents(first, over, second);
    const { code, stdout } = await pstrace('ack', ...options);
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.split('  ')[0])).toEqual([
      incidentCode(second.id, null),
      incidentCode(first.id, null),
      '',
    ]);
    expect(stdout).toMatch(
      /^[\da-f]{8} {2}major {2}since 20.* UTC {2}2 tests, link 198\.51\.100\.8\/30$/m,
    );
  });

  test('writes the subnet of an IPv6 link as a prefix', async () => {
    const suspect = { kind: 'link', name: '2001:db8:3:5/64' } as const;
    const { options } = withIncidents({ ...first, suspect });
    const { stdout } = await pstrace('ack', ...options);
    expect(stdout).toContain(', link 2001:db8:3:5::/64\n');
  });

  test('keeps who knows of an incident, by its code or its id, with a note', async () => {
    const { state, options } = withIncidents(first, second);
    const code = incidentCode(first.id, null);
    const note = ['--note', 'ticket\n42'];
    const answer = await pstrace('ack', code.slice(0, 6).toUpperCase(), ...note, ...options);
    expect({ code: answer.code, stderr: answer.stderr }).toEqual({ code: 0, stderr: '' });
    expect(answer.stdout).toMatch(new RegExp(`^${code} .* acknowledged by \\S+: ticket 42\\n$`));
    expect(acknowledged(state)).toMatchObject([{ incidentId: first.id, note: 'ticket 42' }]);
    await pstrace('ack', second.id, ...options);
    expect(acknowledged(state).map(({ incidentId }) => incidentId)).toContain(second.id);
    expect((await pstrace('ack', ...options)).stdout.match(/acknowledged by/g)).toHaveLength(2);
  });

  test('the code of an incident that became part of another one means that one', async () => {
    const { state, options } = withIncidents(second);
    const store = openStore(state, now);
    store.incidents.merge('incident-z@9-loss', 'incident-y@9-loss');
    store.incidents.merge('incident-y@9-loss', second.id);
    store.close();
    await pstrace('ack', incidentCode('incident-z@9-loss', null), ...options);
    expect(acknowledged(state)).toMatchObject([{ incidentId: second.id }]);
  });

  test('the list shows an incident as acknowledged that took in an acknowledged one', async () => {
    const { state, options } = withIncidents(second);
    const store = openStore(state, now);
    store.acknowledgements.add({ incidentId: first.id, at: now, by: 'ada', note: null });
    store.incidents.merge(first.id, second.id);
    store.close();
    const { stdout } = await pstrace('ack', ...options);
    expect(stdout).toMatch(/acknowledged by ada\n$/);
  });

  test('one that is over or not there, and a code that two begin with, are refused, exit 64', async () => {
    const { state, options } = withIncidents(first, second, over);
    for (const name of [incidentCode(over.id, null), 'nothing', '']) {
      const { code, stderr } = await pstrace('ack', name, ...options);
      expect(code).toBe(64);
      expect(stderr).toContain('List them: pstrace ack.');
    }
    expect(acknowledged(state)).toEqual([]);
  });
});
