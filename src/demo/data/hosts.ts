import type { Family } from '../../model/test.ts';
import type { NameStyle, NetworkSpec } from './networks.ts';

/** A research site with one measuring host. */
export interface SiteSpec {
  /** City code; also the id of the host. */
  readonly id: string;
  readonly host: string;
  readonly network: NetworkSpec;
  /** As the mesh's administrators call the site, and where they count it among. */
  readonly displayName: string;
  readonly region: string;
  readonly families: readonly Family[];
  /** Of the host's own network card, bytes. */
  readonly mtu: number;
  /** Share of the probes that the host answers: its kernel limits ICMP port-unreachable messages. */
  readonly answers: number;
  /** A firewall in front of the host drops all probes. */
  readonly filtered?: true;
  /** Name that the host itself gives to its default gateway (systemd's resolver does). */
  readonly gatewayName?: string;
  /** An old toolkit, which leaves the final dot on the names it looks up. */
  readonly dottedNames?: true;
  /** Hosts whose probes the site's border refuses with an ICMP error. */
  readonly prohibits?: readonly { readonly source: string; readonly family: Family }[];
}

const both: readonly Family[] = [4, 6];

function site(
  id: string,
  order: number,
  name: string,
  owner: string,
  names: NameStyle,
  host: Pick<SiteSpec, 'displayName' | 'region' | 'families' | 'mtu' | 'answers'> &
    Partial<SiteSpec>,
): SiteSpec {
  const domain = `${name}.example`;
  const network: NetworkSpec = {
    id: name,
    asn: 65536 + order,
    owner: `${name.toUpperCase()} - ${owner}`,
    domain,
    v4: `203.0.113.${16 * order}/28`,
    v6: `2001:db8:${(0x100 + order).toString(16)}`,
    names,
  };
  return { id, host: `ps-${id}.${domain}`, network, ...host };
}

/** The sites of the demo mesh. Their names, like all of the demo's, are invented. */
export const sites: readonly SiteSpec[] = [
  site('bgo', 0, 'fjordvik', 'Fjordvik University, NO', 'plain', {
    displayName: 'Fjordvik University',
    region: 'Nordic',
    families: both,
    mtu: 9000,
    answers: 1,
  }),
  site('hel', 1, 'lumipuro', 'Lumipuro Observatory, FI', 'plain', {
    displayName: 'Lumipuro Observatory',
    region: 'Nordic',
    families: both,
    mtu: 9000,
    answers: 1,
  }),
  site('muc', 2, 'isarlab', 'Isar Laboratory, DE', 'none', {
    displayName: 'Isar Laboratory',
    region: 'Europe',
    families: both,
    mtu: 9000,
    answers: 1,
    gatewayName: '_gateway',
  }),
  site('gva', 3, 'calorim', 'Calorim Physics Centre, CH', 'plain', {
    displayName: 'Calorim Physics',
    region: 'Europe',
    families: both,
    mtu: 9000,
    answers: 0.5,
  }),
  site('bol', 4, 'adria', 'Adria Archive of Antiquity, IT', 'none', {
    displayName: 'Adria Archive',
    region: 'Europe',
    families: [4],
    mtu: 1500,
    answers: 1,
    filtered: true,
  }),
  site('lis', 5, 'tejomar', 'Tejomar Ocean Institute, PT', 'plain', {
    displayName: 'Tejomar Ocean Institute',
    region: 'Europe',
    families: both,
    mtu: 1500,
    answers: 1,
    dottedNames: true,
  }),
  site('msn', 6, 'lakewood', 'Lakewood State University, US', 'plain', {
    displayName: 'Lakewood State',
    region: 'Overseas',
    families: both,
    mtu: 9000,
    answers: 1,
  }),
  site('sea', 7, 'tidewater', 'Tidewater Supercomputing Center, US', 'none', {
    displayName: 'Tidewater Supercomputing',
    region: 'Overseas',
    families: both,
    mtu: 9000,
    answers: 0.97,
  }),
  site('osa', 8, 'hoshino', 'Hoshino Institute of Technology, JP', 'plain', {
    displayName: 'Hoshino Tech',
    region: 'Overseas',
    families: both,
    mtu: 9000,
    answers: 1,
    prohibits: [{ source: 'gva', family: 4 }],
  }),
];
