import { expect, it } from 'vitest';
import { named, planOf, traceTemplate } from '../../../helpers/psconfig.ts';

const addresses = {
  a: { address: 'PS-A.example.net', _meta: { 'display-name': 'Alpha', organization: 'North' } },
  b: { address: 'ps-b.example.net', tags: ['south'] },
  c: { address: '2001:DB8::3' },
};
const both = { source: '{% address[0] %}', dest: '{% address[1] %}' };
const mesh = { type: 'mesh', addresses: named('a', 'b') };
const list = { type: 'list', addresses: named('a', 'b') };

function template(group: object, over: object = {}) {
  return traceTemplate(group, { addresses, ...over });
}

function withSpec(spec: object) {
  return { tests: { t: { type: 'trace', spec } } };
}

it('promises n(n-1) tests for a mesh of n addresses, in the order of its list', () => {
  const { pairs, plan } = planOf(template({ ...mesh, addresses: named('b', 'a', 'c') }));
  expect(pairs).toEqual([
    'ps-b.example.net > ps-a.example.net',
    'ps-b.example.net > 2001:db8::3',
    'ps-a.example.net > ps-b.example.net',
    'ps-a.example.net > 2001:db8::3',
    '2001:db8::3 > ps-b.example.net',
    '2001:db8::3 > ps-a.example.net',
  ]);
  expect(plan.hosts.map(({ address }) => address)).toEqual([
    'ps-b.example.net',
    'ps-a.example.net',
    '2001:db8::3',
  ]);
});

it('names a host by its display name, else its entry, and groups it by organization, tag or group', () => {
  const { plan } = planOf(template({ ...mesh, addresses: named('a', 'b', 'c') }));
  expect(plan.hosts.map(({ displayName, group }) => `${displayName}: ${group}`)).toEqual([
    'Alpha: North',
    'b: south',
    'c: g',
  ]);
});

it('promises tests of a list from each member to the destination of the test', () => {
  const spec = { dest: 'anycast.example.org', 'ip-version': 6 };
  expect(planOf(template(list, withSpec(spec))).pairs).toEqual([
    'ps-a.example.net > anycast.example.org 6',
    'ps-b.example.net > anycast.example.org 6',
  ]);
});

it('ignores tests of other types; reports a broken entry and reads the rest', () => {
  const { pairs, problems } = planOf(
    template(mesh, {
      groups: { g: mesh, h: { type: 'ring' } },
      tests: { t: { type: 'trace', spec: both }, u: { type: 'latencybg', spec: both } },
      tasks: { x: { group: 'g', test: 't' }, y: { group: 'g', test: 'u' }, z: 7 },
    }),
  );
  expect(pairs).toHaveLength(2);
  expect(problems).toEqual([
    expect.stringMatching(/an entry of groups is invalid: .* "h", "type"$/),
    expect.stringMatching(/an entry of tasks is invalid: .* "z", ""$/),
  ]);
});

it('cleans or refuses names that could do harm', () => {
  const evil = {
    a: { address: '../../etc/passwd' },
    b: { address: 'ps-b.example.net', _meta: { 'display-name': 'b\u202e\nx' } },
  };
  const { plan, problems } = planOf(template(mesh, { addresses: evil }));
  expect(plan.tests).toEqual([]);
  expect(plan.hosts.map(({ displayName }) => displayName)).toEqual(['b x']);
  expect(problems).toEqual(['psConfig: an address is neither a host name nor an IP address. "a"']);
});

it('names each undefined part once', () => {
  const { problems } = planOf(
    template(mesh, {
      groups: { g: { ...mesh, addresses: [...named('a', 'ghost'), { class: 'none' }] } },
      tasks: {
        x: { group: 'g', test: 't' },
        again: { group: 'g', test: 't' },
        y: { group: 'h', test: 't' },
        z: { group: 'g', test: 'u' },
      },
    }),
  );
  expect(problems).toEqual([
    'psConfig: a task has an undefined group. "y", "h"',
    'psConfig: a task has an undefined test. "z", "u"',
    'psConfig: a group names an undefined address. "g", "ghost"',
    'psConfig: a group names an undefined address class. "g", "none"',
  ]);
});

it('names at most 20 parts with one fault and counts all', () => {
  const ghosts = named(...Array.from({ length: 23 }, (_, i) => `ghost-${i}`));
  const { problems } = planOf(template({ ...mesh, addresses: ghosts }));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(/an undefined address \(23 times\)\. "g", "ghost-0"; .*"ghost-19"$/);
});

it.each([
  { source: undefined, scheduler: 0, pair: 'ps-a.example.net > ps-b.example.net' },
  { source: '{%address[0]%}', scheduler: 1, pair: 'ps-a.example.net > ps-b.example.net' },
  {
    source: '{% pscheduler_address[0] %}',
    scheduler: 0,
    pair: 'ps-a.example.net > ps-b.example.net',
  },
  { source: 'hub.example.org', scheduler: 0, pair: 'hub.example.org > ps-b.example.net' },
])('fills in the source $source, scheduled by member $scheduler', ({ source, scheduler, pair }) => {
  const over = {
    ...withSpec({ dest: '{% address[1] %}', ...(source === undefined ? {} : { source }) }),
    tasks: { x: { group: 'g', test: 't', 'scheduled-by': scheduler } },
  };
  expect(planOf(template(mesh, over)).pairs[0]).toBe(pair);
});

it('fills in the address of the scheduling member', () => {
  const over = {
    ...withSpec({ source: '{% scheduled_by_address %}', dest: '{% address[0] %}' }),
    tasks: { x: { group: 'g', test: 't', 'scheduled-by': 1 } },
  };
  expect(planOf(template(mesh, over)).pairs).toEqual([
    'ps-b.example.net > ps-a.example.net',
    'ps-a.example.net > ps-b.example.net',
  ]);
});

it('reports a member that does not exist: as scheduler, and in a variable', () => {
  const late = planOf(
    template(list, { tasks: { x: { group: 'g', test: 't', 'scheduled-by': 1 } } }),
  );
  expect(late.pairs).toEqual([]);
  expect(late.problems).toEqual([
    'psConfig: scheduled-by of a task exceeds the members of its group. "x"',
  ]);
  const { pairs, warnings } = planOf(template(list));
  expect(pairs).toEqual([]);
  expect(warnings).toEqual([
    'psConfig: a test uses a variable that is not read. "t", "{% address[1] %}"',
  ]);
});

it.each(['{% jq .addresses[1].address %}', '{% jq 5 % 2 %}'])(
  'warns once about the variable %s',
  (dest) => {
    const { pairs, problems, warnings } = planOf(
      template(mesh, withSpec({ source: '{% address[0] %}', dest })),
    );
    expect([pairs, problems]).toEqual([[], []]);
    expect(warnings).toEqual([`psConfig: a test uses a variable that is not read. "t", "${dest}"`]);
  },
);

it('reports a test without destination', () => {
  expect(planOf(template(mesh, withSpec({}))).problems).toEqual([
    'psConfig: a test has no dest. "t"',
  ]);
});

it('warns about subtasks that would trace, and only about those', () => {
  const over = (subtask: object) => ({
    tests: { t: { type: 'trace', spec: both }, u: { type: 'rtt', spec: both } },
    tasks: { x: { group: 'g', test: 'u', subtasks: ['s'] } },
    subtasks: { s: subtask },
  });
  expect(planOf(template(mesh, over({ test: 't' }))).warnings).toEqual([
    'psConfig: the subtasks of a task are not read. "x"',
  ]);
  expect(planOf(template(mesh, over({ test: 'u' }))).warnings).toEqual([]);
  expect(planOf(template(mesh, over({ test: 't', disabled: true }))).warnings).toEqual([]);
});
