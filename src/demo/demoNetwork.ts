import type { Family } from '../model/test/test.ts';
import { cities } from './data/cities.ts';
import { type SiteSpec, sites } from './data/hosts.ts';
import { type LinkSpec, links as linkSpecs } from './data/links.ts';
import { type NetworkSpec, networks } from './data/networks.ts';
import { routerAnswers, routers } from './data/routers.ts';
import { type AddressPair, linkAddresses } from './linkAddresses.ts';
import { reverseName } from './reverseNames.ts';

/** One address of an interface, with its name and AS. */
export interface DemoInterface {
  readonly address: string;
  readonly hostname: string | null;
  readonly as: { readonly number: number; readonly owner: string } | null;
}

/** A router or a measuring host. */
export interface DemoNode {
  readonly index: number;
  readonly id: string;
  readonly network: NetworkSpec;
  readonly site: SiteSpec | null;
  /** Share of the probes to which it replies. */
  readonly answers: number;
  readonly links: DemoLink[];
}

/** One cable. `nodes[i]` replies to its probes from `interfaces[i]`. */
export interface DemoLink {
  /** Ids of its nodes: `a b`. Parallel cables have the same id. */
  readonly id: string;
  readonly nodes: readonly [DemoNode, DemoNode];
  readonly interfaces: readonly [Record<Family, DemoInterface>, Record<Family, DemoInterface>];
  readonly families: readonly Family[];
  /**
   * Routing metric: low inside a network, high between networks, so that the shortest AS path is
   * best.
   */
  readonly cost: number;
  readonly delayMs: number;
  readonly mtu: number;
}

/** The whole simulated network, the same in every run. */
export interface DemoNetwork {
  readonly nodes: readonly DemoNode[];
  readonly links: readonly DemoLink[];
  node(id: string): DemoNode;
}

const betweenNetworks = 10_000;
const earthRadiusKm = 6371;
/** Cables are longer than the great circle, and light in glass travels 200 km in a millisecond. */
const msPerKm = 1.4 / 200;

/** Builds the network from its data: nodes, cables, delays, addresses and names. */
export function buildNetwork(): DemoNetwork {
  const specs = [...networks, ...sites.map((site) => site.network)];
  const specOf = byId(specs);
  const allocate = byId(specs.map((spec) => ({ id: spec.id, next: linkAddresses(spec) })));
  const nodes = buildNodes(specOf);
  const node = byId(nodes);
  const links: DemoLink[] = [];
  for (const [from, to, options = {}] of [...hostLinks(), ...linkSpecs]) {
    const ends = [node(from), node(to)] as const;
    const owner = options.exchange === undefined ? ends[0].network : specOf(options.exchange);
    for (let cable = 0; cable < (options.parallel ?? 1); cable++) {
      const delayMs = delayBetween(ends[0], ends[1]);
      const metric = options.cost ?? 5 + Math.round(delayMs * 10);
      const link: DemoLink = {
        id: `${from} ${to}`,
        nodes: ends,
        interfaces: interfacesOf(allocate(owner.id).next(), owner, ends),
        families: options.families ?? [4, 6],
        cost: metric + (ends[0].network === ends[1].network ? 0 : betweenNetworks),
        delayMs,
        mtu: options.mtu ?? 9000,
      };
      links.push(link);
      for (const end of ends) end.links.push(link);
    }
  }
  return { nodes, links, node };
}

/** The address of a host by its id. */
export function addressOf(network: DemoNetwork, host: string, family: Family): string {
  const [link] = network.node(host).links;
  if (link === undefined) throw new Error(`${host} is not connected`);
  const side = link.nodes[0].id === host ? 0 : 1;
  return link.interfaces[side][family].address;
}

function byId<T extends { readonly id: string }>(items: readonly T[]): (id: string) => T {
  const map = new Map(items.map((item) => [item.id, item]));
  return (id) => {
    const item = map.get(id);
    if (item === undefined) throw new Error(`the demo network has no ${id}`);
    return item;
  };
}

function buildNodes(specOf: (id: string) => NetworkSpec): DemoNode[] {
  const list: Omit<DemoNode, 'index' | 'links'>[] = sites.map((site) => {
    return { id: site.id, network: site.network, site, answers: site.answers };
  });
  for (const [networkId, names] of Object.entries(routers)) {
    for (const name of names) {
      const id = `${networkId}-${name}`;
      list.push({ id, network: specOf(networkId), site: null, answers: routerAnswers[id] ?? 1 });
    }
  }
  return list.map((node, index) => ({ ...node, index, links: [] }));
}

/** Each host is connected to its site's gateway. The host's network card limits the MTU. */
function hostLinks(): LinkSpec[] {
  return sites.map((site) => {
    return [`${site.network.id}-${site.id}2`, site.id, { mtu: site.mtu, families: site.families }];
  });
}

function interfacesOf(
  addressPair: AddressPair,
  owner: NetworkSpec,
  ends: readonly [DemoNode, DemoNode],
): DemoLink['interfaces'] {
  const as = owner.asn === null ? null : { number: owner.asn, owner: owner.owner };
  const end = (index: 0 | 1, address: string): DemoInterface => {
    return { address, hostname: nameOf(ends, index, owner, address), as };
  };
  return [
    { 4: end(0, addressPair.v4[0]), 6: end(0, addressPair.v6[0]) },
    { 4: end(1, addressPair.v4[1]), 6: end(1, addressPair.v6[1]) },
  ];
}

function nameOf(
  ends: readonly [DemoNode, DemoNode],
  index: 0 | 1,
  owner: NetworkSpec,
  address: string,
): string | null {
  const [node, other] = [ends[index], ends[index === 0 ? 1 : 0]];
  if (node.site !== null) return node.site.host;
  if (other.site?.gatewayName !== undefined) return other.site.gatewayName;
  const router = node.id.slice(node.network.id.length + 1);
  return reverseName({ owner, network: node.network, router, address });
}

function delayBetween(a: DemoNode, b: DemoNode): number {
  const [lat1, lon1] = cityOf(a);
  const [lat2, lon2] = cityOf(b);
  const rad = Math.PI / 180;
  const haversine =
    Math.sin(((lat2 - lat1) * rad) / 2) ** 2 +
    Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * Math.sin(((lon2 - lon1) * rad) / 2) ** 2;
  return 0.03 + 2 * earthRadiusKm * Math.asin(Math.sqrt(haversine)) * msPerKm;
}

function cityOf(node: DemoNode): readonly [number, number] {
  const code = node.site?.id ?? node.id.slice(node.network.id.length + 1, -1);
  const city = cities[code];
  if (city === undefined) throw new Error(`no place known for ${node.id}`);
  return city;
}
