import { analyzeMesh } from '../../src/analysis/window/mesh/analyzeMesh.ts';
import type { MeshAnalysis, State, TestSummary } from '../../src/model/site/analysis.ts';
import type { Responder } from '../../src/model/trace/trace.ts';
import { end, now } from './mesh.ts';

/** ASes of the core that every route crosses; host n is behind core n modulo their number. */
const cores = 4;

function router(asn: number, number: number): string {
  return `198.51.${(asn - 64496) * 8 + (number >> 8)}.${number & 255}`;
}

function asPathOf(hops: readonly (number | null)[]): number[] {
  const known = hops.filter((asn) => asn !== null);
  return known.filter((asn, index) => asn !== known[index - 1]);
}

/**
 * A full mesh of `size` hosts, each in an AS of its own behind one of four core ASes. A route has a
 * gateway at each end and one or two core hops in between, each with the address of its ingress
 * interface. `states`: by test number.
 */
export function simulatedMesh(
  size: number,
  states: ReadonlyMap<number, State> = new Map(),
): MeshAnalysis {
  const responders = new Map<string, Responder>();
  const hop = (address: string, hostname: string, asn: number): string => {
    responders.set(address, { address, hostname, asn, asName: `Network ${asn}` });
    return address;
  };
  const hosts = Array.from({ length: size }, (_, index) => end(`h${index}.example.net`, index + 1));
  const summaries: TestSummary[] = [];
  hosts.forEach((source, s) => {
    hosts.forEach((destination, d) => {
      if (s === d) return;
      const [from, to] = [s % cores, d % cores];
      const addresses = [
        hop(router(64500, s), `out.gw${s}.example.net`, 65536 + s),
        hop(router(64496 + from, 64 + s), `core${from}.example.net`, 64496 + from),
        ...(from === to
          ? []
          : [hop(router(64496 + to, 16 + from), `core${to}.example.net`, 64496 + to)]),
        hop(router(64504, d), `in.gw${d}.example.net`, 65536 + d),
        hop(destination.address ?? '', destination.name, 65536 + d),
      ];
      const route = addresses.map((address, index) => ({
        ttl: index + 1,
        addresses: [address],
        asn: responders.get(address)?.asn ?? null,
      }));
      const state = states.get(summaries.length) ?? 'ok';
      summaries.push({
        test: {
          id: `${source.address}_${destination.address}_traceroute_0123456789ab`,
          archive: 'ma.example.net/esmond/perfsonar/archive',
          key: 'key',
          tool: 'traceroute',
          source,
          destination,
          family: 4,
          intervalSeconds: 600,
          taskName: null,
          parameters: {},
        },
        state,
        stateSince: null,
        stateReason: 'Because.',
        rttMs: 10,
        usualRttMs: 10,
        usualFrom: null,
        usualTo: null,
        lossPct: 0,
        hops: route.length,
        pathMtu: null,
        asPath: asPathOf(route.map(({ asn }) => asn)),
        reached: true,
        lastTraceAt: now - 300,
        lastRouteChangeAt: null,
        variants: 1,
        traces: 144,
        route,
      });
    });
  });
  return analyzeMesh(summaries, responders, { from: now - 86400, to: now });
}
