import ipaddr from 'ipaddr.js';

/** What is not to be published. */
export interface MaskRules {
  /** Addresses within this many hops of where a trace begins; 0 for none. */
  readonly hops: number;
  /** Private, shared, unique local, link-local and loopback addresses. */
  readonly private: boolean;
  /** Prefixes in CIDR form. */
  readonly prefixes: readonly string[];
}

/** Whether any rule hides anything. */
export function hidesAnything({ hops, private: hidePrivate, prefixes }: MaskRules): boolean {
  return hops > 0 || hidePrivate || prefixes.length > 0;
}

const privateRanges: ReadonlySet<string> = new Set([
  'private',
  'carrierGradeNat',
  'uniqueLocal',
  'linkLocal',
  'loopback',
]);

/** Whether an address (canonical text) means another machine at every site. */
export function isInPrivateRange(address: string): boolean {
  return privateRanges.has(ipaddr.parse(address).range());
}

/** Tells of an address (canonical text) whether the rules hide it. `near`: what lies within `hops` of a source. */
export function createHiddenTest(
  { private: hidePrivate, prefixes }: MaskRules,
  nearAddresses: ReadonlySet<string>,
): (address: string) => boolean {
  const networks = prefixes.map((prefix) => ipaddr.parseCIDR(prefix));
  return (text) => {
    if (nearAddresses.has(text)) return true;
    if (hidePrivate && isInPrivateRange(text)) return true;
    const address = ipaddr.parse(text);
    return networks.some(
      ([network, bits]) => network.kind() === address.kind() && address.match(network, bits),
    );
  };
}
