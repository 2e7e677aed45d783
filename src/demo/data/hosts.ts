import type { Family } from '../../model/test/test.ts';
import type { NameStyle, NetworkSpec } from './networks.ts';

/** A research site with one measuring host. */
export interface SiteSpec {
  /** City code; also the id of the host. */
  readonly id: string;
  readonly host: string;
  readonly network: NetworkSpec;
  /** Name and region of the site in the mesh configuration. */
  readonly displayName: string;
  readonly region: string;
  readonly families: readonly Family[];
  /** MTU of the host's network card, bytes. */
  readonly mtu: number;
  /**
   * Share of the probes to which the host replies: its kernel limits ICMP port-unreachable
   * messages.
   */
  readonly answers: number;
  /** A firewall in front of the host drops all probes. */
  readonly filtered?: true;
  /** The host's own name for its default gateway, by systemd's resolver. */
  readonly gatewayName?: string;
  /** An old toolkit, whose names have a final dot. */
  readonly dottedNames?: true;
  /** Hosts whose probes the site's border router rejects with an ICMP error. */
  readonly prohibits?: readonly { readonly source: string; readonly family: Family }[];
}

const both: readonly Family[] = [4, 6];

/** The network of a site. `order` is its rank, from which its numbers follow. */
function siteNetwork(order: number, name: string, owner: string, names: NameStyle): NetworkSpec {
  return {
    id: name,
    asn: 65536 + order,
    owner: `${name.toUpperCase()} - ${owner}`,
    domain: `${name}.example`,
    v4: `203.0.113.${16 * order}/28`,
    v6: `2001:db8:${(0x100 + order).toString(16)}`,
    names,
  };
}

function site(
  id: string,
  network: NetworkSpec,
  host: Omit<SiteSpec, 'id' | 'host' | 'network'>,
): SiteSpec {
  return { id, host: `ps-${id}.${network.domain}`, network, ...host };
}

/** The sites of the demo mesh. All names of the demo are fictitious. */
export const sites: readonly SiteSpec[] = [
  site('bgo', siteNetwork(0, 'fjordvik', 'Fjordvik University, NO', 'plain'), {
    displayName: 'Fjordvik University',
    region: 'Nordic',
    families: both,
    mtu: 9000,
    answers: 1,
  }),
  site('hel', siteNetwork(1, 'lumipuro', 'Lumipuro Observatory, FI', 'plain'), {
    displayName: 'Lumipuro Observatory',
    region: 'Nordic',
    families: both,
    mtu: 9000,
    answers: 1,
  }),
  site('muc', siteNetwork(2, 'isarlab', 'Isar Laboratory, DE', 'none'), {
    displayName: 'Isar Laboratory',
    region: 'Europe',
    families: both,
    mtu: 9000,
    answers: 1,
    gatewayName: '_gateway',
  }),
  site('gva', siteNetwork(3, 'calorim', 'Calorim Physics Centre, CH', 'plain'), {
    displayName: 'Calorim Physics',
    region: 'Europe',
    families: both,
    mtu: 9000,
    answers: 0.5,
  }),
  site('bol', siteNetwork(4, 'adria', 'Adria Archive of Antiquity, IT', 'none'), {
    displayName: 'Adria Archive',
    region: 'Europe',
    families: [4],
    mtu: 1500,
    answers: 1,
    filtered: true,
  }),
  site('lis', siteNetwork(5, 'tejomar', 'Tejomar Ocean Institute, PT', 'plain'), {
    displayName: 'Tejomar Ocean Institute',
    region: 'Europe',
    families: both,
    mtu: 1500,
    answers: 1,
    dottedNames: true,
  }),
  site('msn', siteNetwork(6, 'lakewood', 'Lakewood State University, US', 'plain'), {
    displayName: 'Lakewood State',
    region: 'Overseas',
    families: both,
    mtu: 9000,
    answers: 1,
  }),
  site('sea', siteNetwork(7, 'tidewater', 'Tidewater Supercomputing Center, US', 'none'), {
    displayName: 'Tidewater Supercomputing',
    region: 'Overseas',
    families: both,
    mtu: 9000,
    answers: 0.97,
  }),
  site('osa', siteNetwork(8, 'hoshino', 'Hoshino Institute of Technology, JP', 'plain'), {
    displayName: 'Hoshino Tech',
    region: 'Overseas',
    families: both,
    mtu: 9000,
    answers: 1,
    prohibits: [{ source: 'gva', family: 4 }],
  }),
];
