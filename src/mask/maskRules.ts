import ipaddr from 'ipaddr.js';
import { isLocalAddress } from '../model/addressKinds.ts';

/** The rules for what to hide from publication. */
export interface MaskRules {
  /** Addresses within this many hops of the start of a trace; 0 for none. */
  readonly hops: number;
  /** Local addresses, see `isLocalAddress`. */
  readonly private: boolean;
  /** Prefixes in CIDR form. */
  readonly prefixes: readonly string[];
}

/** Whether any rule hides anything. */
export function hidesAnything({ hops, private: hidePrivate, prefixes }: MaskRules): boolean {
  return hops > 0 || hidePrivate || prefixes.length > 0;
}

/**
 * Creates a test of whether the rules hide an address (canonical text). `nearAddresses`: those
 * within `hops` of a source.
 */
export function createHiddenTest(
  { private: hidePrivate, prefixes }: MaskRules,
  nearAddresses: ReadonlySet<string>,
): (address: string) => boolean {
  const networks = prefixes.map((prefix) => ipaddr.parseCIDR(prefix));
  return (text) => {
    if (nearAddresses.has(text)) return true;
    if (hidePrivate && isLocalAddress(text)) return true;
    const address = ipaddr.parse(text);
    return networks.some(
      ([network, bits]) => network.kind() === address.kind() && address.match(network, bits),
    );
  };
}
