import { expect, it } from 'vitest';
import { named, planOf, traceTemplate } from '../../../helpers/psconfig.ts';

const addresses = {
  a: { address: 'a.example' },
  b: { address: 'b.example' },
  c: { address: 'c.example' },
};
const ab = ['a.example > b.example', 'b.example > a.example'];
const mesh = { type: 'mesh', addresses: named('a', 'b') };
const meshOfThree = { type: 'mesh', addresses: named('a', 'b', 'c') };

function pairs(group: object, over: object = {}) {
  const { pairs: found, problems, warnings } = planOf(traceTemplate(group, { addresses, ...over }));
  expect([...problems, ...warnings]).toEqual([]);
  return found;
}

it('pairs both sides of a disjoint group in both directions, unless it is unidirectional', () => {
  const sides = { type: 'disjoint', 'a-addresses': named('a'), 'b-addresses': named('b', 'c') };
  const there = ['a.example > b.example', 'a.example > c.example'];
  expect(pairs(sides)).toEqual([...there, 'b.example > a.example', 'c.example > a.example']);
  expect(pairs({ ...sides, unidirectional: true })).toEqual(there);
});

it.each([
  ['a group', { ...mesh, disabled: true }, {}],
  ['a member', { ...mesh, addresses: [{ name: 'a' }, { name: 'b', disabled: true }] }, {}],
  [
    'an address',
    mesh,
    { addresses: { ...addresses, b: { address: 'b.example', disabled: true } } },
  ],
  [
    'a host',
    mesh,
    {
      addresses: { ...addresses, b: { address: 'b.example', host: 'h' } },
      hosts: { h: { disabled: true } },
    },
  ],
  ['a task', mesh, { tasks: { x: { group: 'g', test: 't', disabled: true } } }],
  [
    'the address of a label',
    { ...mesh, 'default-address-label': 'l' },
    {
      addresses: {
        a: { address: 'a.example', disabled: true, labels: { l: { address: 'a-l.example' } } },
        b: { address: 'b.example', labels: { l: { address: 'b-l.example' } } },
      },
    },
  ],
  [
    'a remote address',
    { ...mesh, 'excludes-self': 'disabled', addresses: named('a', 'b') },
    {
      addresses: {
        a: { address: 'a.example', disabled: true },
        b: {
          address: 'b.example',
          'remote-addresses': {
            a: { address: 'b-a.example', disabled: true },
            b: { address: 'b-b.example', disabled: true },
          },
        },
      },
    },
  ],
])('promises nothing for %s that is disabled', (_, group, over) => {
  expect(pairs(group, over)).toEqual([]);
});

const agentless = { address: 'b.example', 'no-agent': true };

it.each([
  ['both addresses have no agent', { a: { ...agentless, address: 'a.example' }, b: agentless }, []],
  ['one address has an agent', { a: addresses.a, b: agentless }, ab],
  [
    'the hosts of both have no agent',
    { a: { ...addresses.a, host: 'h' }, b: { ...addresses.b, host: 'i' } },
    [],
  ],
])('creates only tests that an agent schedules: %s', (_, members, expected) => {
  const hosts = { h: { 'no-agent': true }, i: { 'no-agent': true } };
  expect(pairs(mesh, { addresses: members, hosts })).toEqual(expected);
});

it('passes no-agent of an address on to its labels and remote addresses', () => {
  const labelled = { l: { address: 'a-l.example' } };
  const members = {
    a: { address: 'a.example', 'no-agent': true, labels: labelled },
    b: {
      address: 'b.example',
      'remote-addresses': { a: { labels: { l: { address: 'b-a.example', 'no-agent': true } } } },
    },
  };
  expect(pairs({ ...mesh, 'default-address-label': 'l' }, { addresses: members })).toEqual([]);
});

it('schedules a test elsewhere if the first member has no agent', () => {
  const spec = { source: '{% scheduled_by_address %}', dest: 'target.example' };
  const over = {
    addresses: { a: addresses.a, b: agentless },
    tests: { t: { type: 'trace', spec } },
  };
  expect(pairs(mesh, over)).toEqual(['a.example > target.example']);
});

it('promises no test of a list member without agent', () => {
  const spec = { source: '{% address[0] %}', dest: 'target.example' };
  const over = {
    addresses: { a: addresses.a, b: agentless },
    tests: { t: { type: 'trace', spec } },
  };
  expect(pairs({ type: 'list', addresses: named('a', 'b') }, over)).toEqual([
    'a.example > target.example',
  ]);
});

const labelled = {
  a: { address: 'a.example', labels: { fast: { address: 'a-fast.example' } } },
  b: { address: 'b.example' },
  c: {
    address: 'c.example',
    labels: { fast: { address: 'c-fast.example' }, slow: { address: 'c-slow.example' } },
  },
};

it('selects addresses by label, and omits those without the label', () => {
  const group = {
    type: 'mesh',
    'default-address-label': 'fast',
    addresses: [...named('a', 'b', 'c'), { name: 'c', label: 'slow' }],
  };
  expect(pairs(group, { addresses: labelled })).toEqual([
    'a-fast.example > c-fast.example',
    'a-fast.example > c-slow.example',
    'c-fast.example > a-fast.example',
    'c-slow.example > a-fast.example',
  ]);
});

it('uses the address that an end has for the other one, with its labels only', () => {
  const remote = {
    a: {
      address: 'a.example',
      'remote-addresses': {
        b: { address: '10.0.0.1' },
        c: { labels: { fast: { address: '10.1.0.1' } } },
      },
    },
    b: { address: 'b.example', 'remote-addresses': { a: { address: '10.0.0.2' } } },
    c: { address: 'c.example', labels: { fast: { address: 'c-fast.example' } } },
  };
  expect(pairs(meshOfThree, { addresses: remote })).toEqual([
    '10.0.0.1 > 10.0.0.2',
    '10.0.0.2 > 10.0.0.1',
    'b.example > c.example',
    'c.example > b.example',
  ]);
  const fast = { ...meshOfThree, 'default-address-label': 'fast' };
  expect(pairs(fast, { addresses: remote })).toEqual([
    '10.1.0.1 > c-fast.example',
    'c-fast.example > 10.1.0.1',
  ]);
});

it.each([
  ['host', []],
  ['address', ab],
  [
    'disabled',
    [
      'a.example > a.example',
      'a.example > b.example',
      'b.example > a.example',
      'b.example > b.example',
    ],
  ],
])('excludes a host from itself by the scope %s', (scope, expected) => {
  const ofHost = { a: { ...addresses.a, host: 'h' }, b: { ...addresses.b, host: 'H' } };
  const over = { addresses: ofHost, hosts: { h: {}, H: {} } };
  expect(pairs({ ...mesh, 'excludes-self': scope }, over)).toEqual(expected);
});

it('takes two entries with one address for the same end', () => {
  const twice = { a: addresses.a, b: { address: 'a.example', labels: {} } };
  expect(pairs({ ...mesh, 'excludes-self': 'address' }, { addresses: twice })).toEqual([]);
});

it.each([
  [{ name: 'a' }, named('b'), ['b.example > a.example']],
  [{ name: 'a' }, named('c', 'b'), ['b.example > a.example']],
  [{ name: 'a' }, named('c'), ab],
  [{ name: 'a', disabled: true }, named('b'), ab],
  [{ name: 'a' }, [{ name: 'b', disabled: true }], ab],
  [{ name: 'a' }, [{ name: 'b', label: 'fast' }], ab],
  [{ class: 'all' }, [{ class: 'all' }], []],
  [{ class: 'all' }, named('a'), ['a.example > b.example']],
])('excludes the pairs from %j to %j', (local, targets, expected) => {
  const excludes = [{ 'local-address': local, 'target-addresses': targets }];
  const classes = { all: { 'data-source': { type: 'current-config' } } };
  expect(pairs({ ...mesh, excludes }, { 'address-classes': classes })).toEqual(expected);
});
