import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { describe, expect, it } from 'vitest';
import { buildNetwork } from '../../../src/demo/demoNetwork.ts';
import { createSimulation, type Simulation } from '../../../src/demo/simulation.ts';
import {
  addressesOf,
  between,
  destinationRtt,
  now,
  recorded,
  simulation,
  testById,
} from '../../helpers/demo/recorded.ts';

/** Digest of all results of every tenth test. */
function fingerprint(simulated: Simulation, order: 'forward' | 'backward'): string {
  const some = simulated.tests.filter((_, index) => index % 10 === 0);
  const asked = order === 'forward' ? some : some.toReversed();
  const texts = asked.map((test) => {
    const runs = simulated.runs(test, { from: 0, to: now });
    return JSON.stringify([test.id, runs, runs.map((run) => simulated.trace(test, run))]);
  });
  return createHash('sha256').update(texts.sort().join('\n')).digest('hex');
}

describe('determinism', () => {
  it('the same seed and moment give the same traces, regardless of the order of requests', () => {
    const again = createSimulation({ seed: 1, now });
    expect(fingerprint(again, 'backward')).toBe(fingerprint(simulation, 'forward'));
  });

  it('another seed gives other traces', () => {
    const other = createSimulation({ seed: 2, now });
    expect(fingerprint(other, 'forward')).not.toBe(fingerprint(simulation, 'forward'));
  });

  it('a part of the window has the same runs as the whole', () => {
    const test = testById('lis-sea-v4-traceroute');
    const part = simulation.runs(test, { from: now - 7200, to: now - 3600 });
    expect(part).toEqual(between(test, now - 7200, now - 3599).map(({ run }) => run));
  });
});

const network = buildNetwork();

describe('the fictitious network', () => {
  const interfaces = network.links
    .flatMap((link) => link.interfaces)
    .flatMap((end) => [end[4], end[6]]);

  it('uses documentation addresses and AS numbers only', () => {
    for (const { address, as } of interfaces) {
      const isDocumentation = /^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$|^2001:db8:/.test(
        address,
      );
      expect(isDocumentation && isIP(address) !== 0, address).toBe(true);
      const asn = as?.number ?? 64496;
      expect((asn >= 64496 && asn <= 64511) || (asn >= 65536 && asn <= 65551)).toBe(true);
    }
  });

  it('gives every interface a unique address in canonical form', () => {
    const addresses = interfaces.map(({ address }) => address);
    expect(new Set(addresses).size).toBe(addresses.length);
    for (const address of addresses.filter((text) => text.includes(':'))) {
      expect(new URL(`http://[${address}]/`).hostname).toBe(`[${address}]`);
    }
  });

  it('uses reserved names only', () => {
    for (const { hostname } of interfaces) {
      expect(hostname ?? '_gateway').toMatch(/^(_gateway|[a-z0-9.-]+\.example(\.net)?)$/);
    }
    const named = interfaces.filter(({ as }) => as?.number === 64496);
    expect(named.some(({ hostname }) => hostname === null)).toBe(true);
    expect(named.filter(({ hostname }) => hostname !== null).length).toBeGreaterThan(50);
  });
});

describe('traces', () => {
  it('runs start once in ten minutes, anywhere in their slot', () => {
    const starts = recorded(testById('muc-lis-v4-traceroute')).map(({ run }) => run.startedAt);
    const slots = starts.map((time) => Math.floor(time / 600));
    expect(new Set(slots).size).toBe(slots.length);
    const offsets = starts.map((time) => time % 600);
    expect(Math.min(...offsets)).toBeLessThan(30);
    expect(Math.max(...offsets)).toBeGreaterThan(560);
  });

  it('load sharing shows several routers at one ttl', () => {
    const seen = new Set(
      recorded(testById('bgo-sea-v4-traceroute')).flatMap(({ hops }) => hops[3]?.address ?? []),
    );
    expect(seen.size).toBe(2);
  });

  it('traceroute mixes the routes of its flows, paris-traceroute has one route in a run', () => {
    const atChicago = (id: string): Set<string> => {
      const lastDay = between(testById(id), now - 86_400, now);
      const runs = lastDay.filter(({ run }) => run.failure === null);
      return new Set(runs.map(({ hops }) => `${hops[10]?.address} ${hops[11]?.address}`));
    };
    expect(atChicago('bgo-msn-v4-traceroute').size).toBe(4);
    expect(atChicago('bgo-msn-v4-paris-traceroute').size).toBe(2);
  });

  it('some routers are silent and some reply sometimes', () => {
    const lastDay = between(testById('gva-msn-v4-traceroute'), now - 86_400, now);
    const runs = lastDay.filter(({ run }) => run.failure === null);
    const answered = (ttl: number): number => {
      return runs.filter(({ hops }) => hops[ttl - 1]?.address != null).length / runs.length;
    };
    expect(answered(1)).toBe(0);
    expect(answered(2)).toBe(1);
    expect(answered(10)).toBeGreaterThan(0.4);
    expect(answered(10)).toBeLessThan(0.6);
  });

  it('routers inside a network that hides its interior are invisible', () => {
    const seen = addressesOf(recorded(testById('bgo-osa-v4-traceroute')));
    const entry = (link: string): string => {
      return network.links.find(({ id }) => id === link)?.interfaces[1][4].address ?? '';
    };
    expect(seen.has(entry('oceana-par1 oceana-sin1'))).toBe(false);
    expect(seen.has(entry('oceana-sin1 oceana-tyo1'))).toBe(true);
  });

  it('an exchange point has no AS, and look-ups of names and AS numbers sometimes fail', () => {
    const runs = recorded(testById('bgo-msn-v4-traceroute'));
    const exchange = runs.flatMap(({ hops }) =>
      hops.filter((hop) => hop.address?.startsWith('198.51.100.19')),
    );
    expect(exchange.length).toBeGreaterThan(200);
    expect(exchange.every((hop) => hop.as === null)).toBe(true);
    const hosts = runs.flatMap(({ hops }) => hops.slice(-1));
    expect(new Set(hosts.map((hop) => hop.hostname))).toEqual(
      new Set(['ps-msn.lakewood.example', null]),
    );
  });

  it('names of an old toolkit have a final dot', () => {
    const [first] = recorded(testById('lis-msn-v4-traceroute'));
    const names = first?.hops.flatMap((hop) => hop.hostname ?? []) ?? [];
    expect(names.length).toBeGreaterThan(3);
    expect(names.every((name) => name.endsWith('.'))).toBe(true);
  });

  it('traceroute truncates times to 0.1 ms, so that a near router may be at 0; tracepath does not', () => {
    const cut = recorded(testById('bgo-hel-v4-traceroute')).flatMap(
      ({ hops }) => hops[0]?.rttMs ?? [],
    );
    expect(cut).toContain(0);
    expect(cut.every((ms) => Math.abs(ms * 10 - Math.round(ms * 10)) < 1e-9)).toBe(true);
    const fine = recorded(testById('bgo-hel-v4-tracepath')).flatMap(
      ({ hops }) => hops[0]?.rttMs ?? [],
    );
    expect(fine.some((ms) => Math.abs(ms * 10 - Math.round(ms * 10)) > 0.001)).toBe(true);
  });

  it('tracepath repeats the MTU at silent hops', () => {
    const runs = recorded(testById('gva-msn-v4-tracepath'));
    const silent = runs.flatMap(({ hops }) => hops.slice(2).filter((hop) => hop.address === null));
    expect(silent.length).toBeGreaterThan(50);
    expect(silent.every((hop) => hop.mtu !== null)).toBe(true);
  });

  it('times grow with the distance and the daily load', () => {
    const test = testById('muc-msn-v4-traceroute');
    const rtts = (hour: number): number[] => {
      return recorded(test).flatMap((result) => {
        const isThen = Math.floor((result.run.startedAt % 86_400) / 3600) === hour;
        return isThen ? (destinationRtt(test, result) ?? []) : [];
      });
    };
    expect(Math.min(...rtts(14))).toBeGreaterThan(Math.min(...rtts(2)));
    expect(Math.min(...rtts(2))).toBeGreaterThan(100);
  });
});
