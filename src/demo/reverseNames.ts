import type { NetworkSpec } from './data/networks.ts';
import { digestText } from './random.ts';

/** The properties of a router interface that its reverse name may reveal. */
interface NamedInterface {
  /** The network that numbered the link, and so has the reverse zone. */
  readonly owner: NetworkSpec;
  /** The network of the router. */
  readonly network: NetworkSpec;
  /** City and number: `ams1`. */
  readonly router: string;
  readonly address: string;
}

/**
 * The reverse name of a router interface in its network's style; null for about one in ten, which
 * have none.
 */
export function reverseName(port: NamedInterface): string | null {
  const { owner, network, router, address } = port;
  const chance = digestText(address);
  if (owner.names === 'none' || chance % 10 === 0) return null;
  if (owner.names === 'exchange') return `${network.id}.${router}.${owner.domain}`;
  if (owner.names === 'numbered') return numberedName(owner, address);
  if (owner !== network) return `${network.id}-${router}.${owner.domain}`;
  return styledName(owner, router, chance % 24);
}

function numberedName(owner: NetworkSpec, address: string): string | null {
  return address.includes(':') ? null : `ip-${address.replaceAll('.', '-')}.${owner.domain}`;
}

function styledName(owner: NetworkSpec, router: string, label: number): string {
  const city = router.slice(0, 3);
  const number = router.slice(3);
  switch (owner.names) {
    case 'dotted':
      return `ae${label}-0.cr${number}.${city}.${owner.domain}`;
    case 'joined':
      return `cr-${router}-be${label}.${owner.domain}`;
    case 'vlan':
      return `ae${label % 8}--${1200 + label}.core-${router}.${owner.domain}`;
    default:
      return `${number === '1' ? 'border' : 'gw'}.${owner.domain}`;
  }
}
