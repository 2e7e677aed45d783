import { describe, expect, it } from 'vitest';
import { groupHosts, sharedDomain } from '../../../../src/report/matrix/hosts.ts';
import { end } from '../../../helpers/mesh.ts';

describe('hosts of the matrix', () => {
  it('IPv4 and IPv6 endpoints of one name are one row', () => {
    const hosts = groupHosts([end('a', 1), end('a', 1, 6), end('b', 2)], '');
    expect(hosts.list.map(({ name, addresses }) => [name, addresses])).toEqual([
      ['a', ['192.0.2.1', '2001:db8::1']],
      ['b', ['192.0.2.2']],
    ]);
    expect([...hosts.indexById]).toEqual([
      ['192.0.2.1', 0],
      ['2001:db8::1', 0],
      ['192.0.2.2', 1],
    ]);
  });

  it('an endpoint without an address is found by its name', () => {
    const hosts = groupHosts([{ name: 'gone.example.net', address: null }], '');
    expect(hosts.indexById.get('gone.example.net')).toBe(0);
    expect(hosts.list[0]?.addresses).toEqual([]);
  });
});

describe('the domain that all names share', () => {
  it('is omitted from the short names', () => {
    const names = ['ams.ps.example.net', 'fra.ps.example.net'];
    expect(sharedDomain(names)).toBe('.ps.example.net');
    const hosts = groupHosts([end('ams.ps.example.net', 1)], '.ps.example.net');
    expect(hosts.list[0]).toMatchObject({ name: 'ams.ps.example.net', shortName: 'ams' });
  });

  it('leaves at least the host label of every name', () => {
    expect(sharedDomain(['ps.example.net', 'a.ps.example.net'])).toBe('.example.net');
  });

  it.each([
    ['a top-level domain alone is too little', ['a.example.net', 'b.test.net']],
    ['a single name shares nothing', ['a.example.net', 'a.example.net']],
    ['addresses have no domain', ['192.0.2.1', '198.0.2.1']],
    ['one address among names', ['a.example.net', '192.0.2.1']],
    ['names that only end alike', ['a.example.net', 'b.myexample.net']],
    ['a name that is nothing but the domain', ['a.example.net', '.example.net']],
    ['no name at all', []],
  ])('%s', (_, names) => {
    expect(sharedDomain(names)).toBe('');
  });
});
