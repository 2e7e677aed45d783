import { describe, expect, it } from 'vitest';
import { differenceText } from '../../../../src/report/changes/changeText.ts';
import { changeOf, testOf } from '../../../helpers/notify/samples.ts';

const evidence = { removed: ['r9'], added: [], removedLinks: [], asns: [], edge: null };
const names = new Map([['198.51.100.7', 'gw.example.net']]);
const nameOf = (address: string) => names.get(address) ?? address;

function outage(parts: object): string {
  const change = changeOf(testOf('a', 'b'), 1000, {
    class: 'unreachable',
    evidence,
    toAsPath: [64500, 64501],
    ...parts,
  });
  return differenceText(change, nameOf);
}

describe('an outage shows where the route ends', () => {
  it('by the last device before the missing ones', () => {
    expect(outage({ evidence: { ...evidence, edge: ['r8.example.net', 'r9'] } })).toBe(
      'ends after r8.example.net (AS64501)',
    );
  });

  it('else by the last hop that replies, with its name', () => {
    const route = [
      { mark: 'same', before: ['198.51.100.7'], after: ['198.51.100.7'] },
      { mark: 'removed', before: ['203.0.113.9'], after: [] },
    ];
    expect(outage({ route })).toBe('ends after gw.example.net (AS64501)');
  });

  it('and with the ICMP error of a router', () => {
    const route = [{ mark: 'same', before: ['192.0.2.1'], after: ['192.0.2.1'] }];
    expect(outage({ route, toAsPath: [], icmpError: 'host-unreachable' })).toBe(
      'ends after 192.0.2.1; ICMP host-unreachable',
    );
    expect(outage({ route: [] })).toBe('');
  });
});
