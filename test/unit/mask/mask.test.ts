import { describe, expect, test } from 'vitest';
import { createMask } from '../../../src/mask/mask.ts';
import type { MaskRules } from '../../../src/mask/maskRules.ts';

const nothing: MaskRules = { hops: 0, private: false, prefixes: [] };

const maskOf = (rules: Partial<MaskRules>, telling: readonly string[] = [], key = 'k') =>
  createMask({
    key: Buffer.from(key),
    rules: { ...nothing, ...rules },
    nearAddresses: new Set(rules.hops ? ['198.51.100.65'] : []),
    identifyingWords: () => new Set(telling),
  });

const pseudonym = /^masked-[a-z2-7]{8}$/;

describe('text from outside', () => {
  const { plain } = maskOf({ prefixes: ['192.0.2.0/24', '2001:db8:1::/48'] }, [
    'gw.site.example',
    '2001:db8:1:0/64',
    '192.0.2.4/30',
  ]);

  test.each([
    'error at 192.0.2.7: refused',
    'http://192.0.2.7:8080/x',
    '[2001:DB8:1:0:0::7]:443 down',
    'via 2001:db8:1::7, then home',
    'Gw.Site.Example does not answer',
    'https://gw.site.example/esmond',
    'link 2001:db8:1:0/64',
    'link 192.0.2.4/30',
    '192.0.2.7_203.0.113.9_traceroute_0123456789ab',
    'incident-2001-db8-1--7_unknown_mtr_0123456789ab@1700000000-loss',
    'error at 192.000.002.007: refused',
    'found 7.2.0.192.in-addr.arpa',
    `asked ${[...'20010db8000100000000000000000007'].reverse().join('.')}.IP6.arpa`,
    '192-0-2-7.dyn.example',
    'ip-192_0_2_7 is down',
    'host-2001-db8-1--7.example.net',
  ])('%s: loses identifying parts', (text) => {
    const shown = plain(text);
    expect(shown).toMatch(/masked-[a-z2-7]{8}/);
    expect(shown).not.toMatch(/192.0+.0*2|2001.db8.1|site|7.2.0.192|arpa/i);
  });

  test.each([
    'at 12:40:55 UTC, 3.5 ms',
    '1192.0.2.7 and 192.0.2.7.5 are no addresses',
    'a.gw.site.example.org',
    '203.0.113.9_2001-db8-2--7_traceroute_0123456789ab',
    'f6b732e9f351487a96126f0c25e5e546',
    '7.2.0.192 is not reversed',
    'ae192-0-2-7.cr1.example.net is an interface',
    '2026-11-20 at 10-00',
  ])('%s: stays', (text) => {
    expect(plain(text)).toBe(text);
  });
});

describe('pseudonyms', () => {
  const plain = (text: string, key: string) =>
    maskOf({ prefixes: ['192.0.2.0/24'] }, [], key).plain(text);

  test('are the same for the same address and key, and reveal nothing without the key', () => {
    expect(plain('192.0.2.7', 'one')).toMatch(pseudonym);
    expect(plain('192.0.2.7', 'one')).toBe(plain('192.0.2.7', 'one'));
    expect(plain('192.0.2.7', 'two')).not.toBe(plain('192.0.2.7', 'one'));
    expect(plain('192.0.2.8', 'one')).not.toBe(plain('192.0.2.7', 'one'));
  });

  test('of private addresses say so, since the same address is another machine at another site', () => {
    expect(maskOf({ private: true }).plain('10.0.0.1')).toMatch(/^private-/);
    expect(maskOf({ prefixes: ['10.0.0.0/8'] }).plain('10.0.0.1')).toMatch(/^private-/);
    expect(maskOf({ private: true }).plain('192.0.2.1')).toBe('192.0.2.1');
  });
});

test('traces that share a route share its masked form', () => {
  const mask = maskOf({ hops: 1 });
  const route = {
    hops: [{ ttl: 3, addresses: ['198.51.100.65', '198.51.100.1'], mtu: null, error: null }],
    reached: true,
    pathMtu: null,
  };
  const trace = { startedAt: 1, route, rttMs: [1, 2], probes: null };
  const [one, other] = [mask.trace(trace), mask.trace({ ...trace, startedAt: 2 })];
  expect(one.route).toBe(other.route);
  expect(one.route.hops[0]?.addresses).toEqual([expect.stringMatching(pseudonym), '198.51.100.1']);
});

test('a name without an address may be that of a near router', () => {
  const answer = { ttl: 9, received: 1, rttMs: 1, avgMs: 1, worstMs: 1, stdevMs: 1, jitterMs: 1 };
  const trace = {
    startedAt: 1,
    route: { hops: [], reached: false, pathMtu: null },
    rttMs: [],
    probes: null,
    named: [{ ...answer, name: 'gw.site.example' }],
  };
  expect(maskOf({ hops: 1 }).trace(trace).named?.[0]?.name).toMatch(pseudonym);
  expect(maskOf({ private: true }).trace(trace).named?.[0]?.name).toBe('gw.site.example');
});

test('the fingerprint changes with the hidden parts', () => {
  const { fingerprint } = maskOf({ hops: 1 });
  expect(maskOf({ hops: 1 }).fingerprint).toBe(fingerprint);
  expect(maskOf({ hops: 2 }).fingerprint).not.toBe(fingerprint);
  expect(maskOf({ hops: 1 }, ['gw']).fingerprint).not.toBe(fingerprint);
});
