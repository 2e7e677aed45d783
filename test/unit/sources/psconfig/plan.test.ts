import { expect, it } from 'vitest';
import { buildPlan } from '../../../../src/sources/psconfig/buildPlan.ts';

const addresses = {
  a: { address: 'PS-A.example.net', _meta: { 'display-name': 'Alpha', organization: 'North' } },
  b: { address: 'ps-b.example.net', tags: ['south'] },
  c: { address: '2001:DB8::3', labels: { four: { address: '192.0.2.3' } } },
};
const both = { source: '{% address[0] %}', dest: '{% address[1] %}' };

function read(document: object) {
  const { plan, problems } = buildPlan([
    { location: 'mesh.json', document: document as Readonly<Record<string, unknown>> },
  ]);
  const pairs = plan.tests.map(({ source, destination, family }) =>
    `${source} > ${destination} ${family ?? ''}`.trim(),
  );
  return { plan, pairs, problems };
}

function template(group: object, over: object = {}) {
  return {
    addresses,
    groups: { g: group },
    tests: { t: { type: 'trace', spec: both } },
    tasks: { x: { group: 'g', test: 't' } },
    ...over,
  };
}

const named = (...names: string[]) => names.map((name) => ({ name }));

it('a mesh of n addresses promises n(n-1) tests, in the order of its list', () => {
  const { pairs, plan } = read(template({ type: 'mesh', addresses: named('b', 'a', 'c') }));
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

it('a host is called by its display name, else its entry, and stands under organization, tag or group', () => {
  const { plan } = read(template({ type: 'mesh', addresses: named('a', 'b', 'c') }));
  expect(plan.hosts.map(({ displayName, group }) => `${displayName}: ${group}`)).toEqual([
    'Alpha: North',
    'b: south',
    'c: g',
  ]);
});

it('a disjoint group measures from one side to the other and back, unless it is unidirectional', () => {
  const sides = { type: 'disjoint', 'a-addresses': named('a'), 'b-addresses': named('b') };
  const [there, back] = [
    'ps-a.example.net > ps-b.example.net',
    'ps-b.example.net > ps-a.example.net',
  ];
  expect(read(template(sides)).pairs).toEqual([there, back]);
  expect(read(template({ ...sides, unidirectional: true })).pairs).toEqual([there]);
});

it('a list measures from each member to what the test names', () => {
  const { pairs } = read(
    template(
      { type: 'list', addresses: named('a', 'b') },
      { tests: { t: { type: 'trace', spec: { dest: 'anycast.example.org', 'ip-version': 6 } } } },
    ),
  );
  expect(pairs).toEqual([
    'ps-a.example.net > anycast.example.org 6',
    'ps-b.example.net > anycast.example.org 6',
  ]);
});

it('a label chooses another address, and without that label there is no test', () => {
  const members = [{ name: 'a' }, { name: 'c', label: 'four' }, { name: 'b', label: 'four' }];
  expect(read(template({ type: 'mesh', addresses: members })).pairs).toEqual([
    'ps-a.example.net > 192.0.2.3',
    '192.0.2.3 > ps-a.example.net',
  ]);
});

it('what is disabled promises nothing: address, member, host or task', () => {
  const mesh = { type: 'mesh', addresses: named('a', 'b') };
  const off = { ...addresses, b: { ...addresses.b, disabled: true } };
  expect(read(template(mesh, { addresses: off })).pairs).toEqual([]);
  const member = { ...mesh, addresses: [{ name: 'a' }, { name: 'b', disabled: true }] };
  expect(read(template(member)).pairs).toEqual([]);
  const hosted = { ...addresses, b: { ...addresses.b, host: 'h' } };
  const hosts = { h: { disabled: true } };
  expect(read(template(mesh, { addresses: hosted, hosts })).pairs).toEqual([]);
  const tasks = { x: { group: 'g', test: 't', disabled: true } };
  expect(read(template(mesh, { tasks })).pairs).toEqual([]);
});

it('two addresses of one host measure each other only when the group excludes no more than addresses', () => {
  const ofHost = {
    a: { ...addresses.a, host: 'h' },
    b: { ...addresses.b, host: 'h' },
  };
  const mesh = { type: 'mesh', addresses: named('a', 'b') };
  expect(read(template(mesh, { addresses: ofHost })).pairs).toEqual([]);
  const looser = { ...mesh, 'excludes-self': 'address' };
  expect(read(template(looser, { addresses: ofHost })).pairs).toHaveLength(2);
  const all = { ...mesh, 'excludes-self': 'disabled' };
  expect(read(template(all, { addresses: ofHost })).pairs).toHaveLength(4);
});

it('excluded pairs are not promised', () => {
  const excludes = [{ 'local-address': { name: 'a' }, 'target-addresses': named('b') }];
  const mesh = { type: 'mesh', addresses: named('a', 'b'), excludes };
  expect(read(template(mesh)).pairs).toEqual(['ps-b.example.net > ps-a.example.net']);
});

it('other kinds of tests are passed over; a broken entry is told and the rest counts', () => {
  const mesh = { type: 'mesh', addresses: named('a', 'b') };
  const { pairs, problems } = read(
    template(mesh, {
      groups: { g: mesh, h: { type: 'ring' } },
      tests: { t: { type: 'trace', spec: both }, u: { type: 'latencybg', spec: both } },
      tasks: { x: { group: 'g', test: 't' }, y: { group: 'g', test: 'u' }, z: 7 },
    }),
  );
  expect(pairs).toHaveLength(2);
  expect(problems.map(({ message }) => message)).toEqual([
    expect.stringContaining('groups "h"'),
    expect.stringContaining('tasks "z"'),
  ]);
});

it('names that could do harm are cleaned or refused', () => {
  const evil = {
    a: { address: '../../etc/passwd' },
    b: { address: 'ps-b.example.net', _meta: { 'display-name': 'b\u202e\nx' } },
  };
  const { plan } = read(
    template({ type: 'mesh', addresses: named('a', 'b') }, { addresses: evil }),
  );
  expect(plan.tests).toEqual([]);
  expect(plan.hosts.map(({ displayName }) => displayName)).toEqual(['b x']);
});
