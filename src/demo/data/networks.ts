/**
 * Style of a network's reverse names. `dotted`: ae3-0.cr1.ams.net; `joined`: cr-fra1-be7.net;
 * `vlan`: ae4--1204.core-sea1.net; `numbered`: the address itself; `plain`: the router alone;
 * `exchange`: the member's name; `none`: no reverse names.
 */
export type NameStyle = 'dotted' | 'joined' | 'vlan' | 'numbered' | 'plain' | 'exchange' | 'none';

/** An autonomous system of the demo, or an exchange point (without AS number). */
export interface NetworkSpec {
  /** Prefix of its routers' ids. */
  readonly id: string;
  readonly asn: number | null;
  /** In the spelling of the AS registries' DNS service. */
  readonly owner: string;
  readonly domain: string;
  /**
   * Its IPv4 block (part of a documentation block), and the first 48 bits of its IPv6 addresses.
   */
  readonly v4: string;
  readonly v6: string;
  readonly names: NameStyle;
  /** MPLS without ttl propagation: only its first and last router are visible. */
  readonly hidesInterior?: true;
}

export const networks: readonly NetworkSpec[] = [
  // Backbones
  {
    id: 'eurobeam',
    asn: 64496,
    owner: 'EUROBEAM - European Research Backbone, NL',
    domain: 'eurobeam.example',
    v4: '192.0.2.0/26',
    v6: '2001:db8:1',
    names: 'dotted',
  },
  {
    id: 'amerilight',
    asn: 64497,
    owner: 'AMERILIGHT - American Lightwave Research Network, US',
    domain: 'amerilight.example',
    v4: '192.0.2.64/26',
    v6: '2001:db8:2',
    names: 'joined',
  },
  {
    id: 'oceana',
    asn: 64498,
    owner: 'OCEANA - Oceana Research Transit, SG',
    domain: 'oceana.example.net',
    v4: '192.0.2.128/26',
    v6: '2001:db8:3',
    names: 'dotted',
    hidesInterior: true,
  },
  // Regional networks
  {
    id: 'nordlys',
    asn: 64500,
    owner: 'NORDLYS-NREN - Nordlys Research Network, NO',
    domain: 'nordlys.example',
    v4: '192.0.2.192/26',
    v6: '2001:db8:10',
    names: 'dotted',
  },
  {
    id: 'rheinnet',
    asn: 64501,
    owner: 'RHEINNET - Rhein Science Network, DE',
    domain: 'rheinnet.example',
    v4: '198.51.100.0/27',
    v6: '2001:db8:11',
    names: 'joined',
  },
  {
    id: 'helvia',
    asn: 64502,
    owner: 'HELVIA - Helvia Academic Network, CH',
    domain: 'helvia.example',
    v4: '198.51.100.32/27',
    v6: '2001:db8:12',
    names: 'dotted',
  },
  {
    id: 'ibernet',
    asn: 64503,
    owner: 'IBERNET - Red Ibernet, ES',
    domain: 'ibernet.example',
    v4: '198.51.100.64/27',
    v6: '2001:db8:13',
    names: 'numbered',
  },
  {
    id: 'greatlakes',
    asn: 64504,
    owner: 'GREATLAKES-GP - Great Lakes GigaPoP, US',
    domain: 'greatlakes.example.net',
    v4: '198.51.100.96/27',
    v6: '2001:db8:14',
    names: 'none',
  },
  {
    id: 'cascadia',
    asn: 64505,
    owner: 'CASCADIA-GP - Cascadia GigaPoP, US',
    domain: 'cascadia.example.net',
    v4: '198.51.100.128/27',
    v6: '2001:db8:15',
    names: 'vlan',
  },
  {
    id: 'sakura',
    asn: 64506,
    owner: 'SAKURA-REN - Sakura Research and Education Network, JP',
    domain: 'sakura-ren.example',
    v4: '198.51.100.160/27',
    v6: '2001:db8:16',
    names: 'vlan',
  },
  // Exchange points, whose peering LANs are not announced
  {
    id: 'kattegat-ix',
    asn: null,
    owner: 'Kattegat Internet Exchange',
    domain: 'kattegat-ix.example',
    v4: '198.51.100.192/28',
    v6: '2001:db8:20',
    names: 'exchange',
  },
  {
    id: 'fuji-ix',
    asn: null,
    owner: 'Fuji Exchange',
    domain: 'fuji-ix.example',
    v4: '198.51.100.208/28',
    v6: '2001:db8:21',
    names: 'none',
  },
];
