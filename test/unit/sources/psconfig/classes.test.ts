import { expect, it } from 'vitest';
import { planOf, traceTemplate } from '../../../helpers/psconfig.ts';

const addresses = {
  north: { address: '192.0.2.1', tags: ['Core', 'north'], host: 'alpha' },
  south: { address: '198.51.100.1', tags: ['core'], host: 'beta' },
  six: { address: '2001:db8:1::1', host: 'beta' },
  named: { address: 'ps.example.net', tags: ['edge'] },
};
const hosts = {
  alpha: { tags: ['lab'] },
  beta: { tags: ['lab'], 'no-agent': true },
};
const everything = { 'data-source': { type: 'current-config' } };

/** The members of the class `k`: each of them measures one target. */
function membersOf(addressClass: object, classes: object = {}) {
  const { plan, problems, warnings } = planOf(
    traceTemplate(
      { type: 'disjoint', 'a-addresses': [{ name: 'hub' }], 'b-addresses': [{ class: 'k' }] },
      {
        addresses: { ...addresses, hub: { address: 'hub.example.org' } },
        hosts,
        'address-classes': { k: { ...everything, ...addressClass }, ...classes },
      },
    ),
  );
  const members = plan.hosts.map(({ displayName }) => displayName);
  return { members: members.filter((name) => name !== 'hub'), problems, warnings };
}

const tag = (name: string) => ({ type: 'tag', tag: name });
const version = (number: number) => ({ type: 'ip-version', 'ip-version': number });
const lab = { type: 'host', tag: 'lab' };
const jq = { type: 'jq', jq: { script: '.address' } };

it.each([
  ['everything', {}, ['north', 'south', 'six', 'named']],
  ['a tag, whatever its case', { 'match-filter': tag('CORE') }, ['north', 'south']],
  ['a tag of the host', { 'match-filter': tag('lab') }, ['north', 'south', 'six']],
  ['all but a tag', { 'exclude-filter': tag('core') }, ['six', 'named']],
  ['a host with an agent', { 'match-filter': lab }, ['north']],
  ['a host without agent', { 'match-filter': { ...lab, 'no-agent': true } }, ['south', 'six']],
  [
    'all of several',
    { 'match-filter': { type: 'and', filters: [tag('core'), tag('north')] } },
    ['north'],
  ],
  [
    'one of several',
    { 'match-filter': { type: 'or', filters: [tag('north'), tag('edge')] } },
    ['north', 'named'],
  ],
  ['none of an empty list', { 'match-filter': { type: 'or', filters: [] } }, []],
  ['the opposite', { 'match-filter': { type: 'not', filter: tag('core') } }, ['six', 'named']],
])('selects %s', (_, addressClass, members) => {
  expect(membersOf(addressClass)).toEqual({ members, problems: [], warnings: [] });
});

const lookup = [
  'psConfig: an address class depends on the IP address of a host name, which pstrace does not ' +
    'look up here; it lacks the addresses concerned. "k"',
];

it.each([
  ['IPv4', version(4), ['north', 'south'], lookup],
  ['IPv6', version(6), ['six'], lookup],
  ['a prefix', { type: 'netmask', netmask: '192.0.2.0/24' }, ['north'], lookup],
  ['an IPv6 prefix', { type: 'netmask', netmask: '2001:db8::/32' }, ['six'], lookup],
  ['a decided part', { type: 'and', filters: [version(4), tag('core')] }, ['north', 'south'], []],
  [
    'a decided choice',
    { type: 'or', filters: [jq, { type: 'not', filter: tag('x') }] },
    ['north', 'south', 'six', 'named'],
    [],
  ],
])(
  'compares %s with IP addresses, and says where it cannot decide',
  (_, filter, members, warnings) => {
    expect(membersOf({ 'match-filter': filter })).toEqual({ members, problems: [], warnings });
  },
);

it.each([
  ['a filter', jq, []],
  ['the opposite of a filter', { type: 'not', filter: jq }, []],
  ['a host filter', { ...lab, jq: { script: '.x' } }, []],
])('leaves out what depends on jq in %s, with one warning', (_, filter, members) => {
  const found = membersOf({ 'match-filter': filter });
  expect(found.members).toEqual(members);
  expect(found.warnings).toEqual([
    'psConfig: an address class depends on jq, which pstrace does not evaluate; it lacks the ' +
      'addresses concerned. "k"',
  ]);
});

it('leaves out what an undecided exclude filter might exclude', () => {
  const found = membersOf({ 'match-filter': tag('core'), 'exclude-filter': version(4) });
  expect(found).toEqual({ members: [], problems: [], warnings: [] });
  expect(membersOf({ 'exclude-filter': jq }).members).toEqual([]);
});

it('warns that a class of the requesting agents stays empty', () => {
  expect(membersOf({ 'data-source': { type: 'requesting-agent' } })).toEqual({
    members: [],
    problems: [],
    warnings: [
      'psConfig: an address class consists of the hosts that read the template; it stays empty. "k"',
    ],
  });
});

it('filters by another class, whatever its data source', () => {
  const filter = { 'match-filter': { type: 'address-class', class: 'inner' } };
  const inner = { 'data-source': { type: 'requesting-agent' }, 'match-filter': tag('north') };
  expect(membersOf(filter, { inner })).toEqual({ members: ['north'], problems: [], warnings: [] });
});

it('reports an undefined class, an unknown filter and a bad prefix', () => {
  const undefinedClass = membersOf({ 'match-filter': { type: 'address-class', class: 'x' } });
  expect(undefinedClass.members).toEqual([]);
  expect(undefinedClass.problems).toEqual([
    'psConfig: a filter names an undefined address class. "x"',
  ]);
  for (const filter of [{ type: 'site' }, { type: 'netmask', netmask: '192.0.2.0/99' }, 7]) {
    const { members, problems } = membersOf({ 'match-filter': filter });
    expect(members).toEqual([]);
    expect(problems).toEqual([
      expect.stringMatching(/an address class has an invalid filter: .* "k", "/),
    ]);
  }
});

it('survives classes in a circle, long chains of classes and deep filters', () => {
  const refer = (name: string) => ({
    ...everything,
    'match-filter': { type: 'address-class', class: name },
  });
  expect(membersOf(refer('l'), { l: refer('k') })).toMatchObject({
    members: [],
    warnings: [expect.stringContaining('a class that refers to itself')],
  });
  const chain = Object.fromEntries(
    Array.from({ length: 5000 }, (_, i) => [`c${i}`, refer(`c${i + 1}`)]),
  );
  expect(membersOf(refer('c0'), chain)).toMatchObject({
    members: [],
    warnings: [expect.stringContaining('too many nested classes')],
  });
  let deep: object = tag('core');
  for (let i = 0; i < 5000; i++) deep = { type: 'not', filter: deep };
  expect(membersOf({ 'match-filter': deep })).toMatchObject({
    members: [],
    problems: [expect.stringContaining('it is nested too deeply')],
  });
});
