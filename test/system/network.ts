import type { Lab } from './lab.ts';
import { openWire, type Wire } from './wire.ts';

/** Addresses of the measuring host and of the target. */
export const source = '192.0.2.2';
export const target = '203.0.113.18';

/** AS numbers of the two halves of the network, in the format of ip2asn. */
export const asList = [
  '192.0.2.0\t192.0.2.255\t64500\tZZ\tNEAR Example',
  '198.51.100.0\t198.51.100.255\t64500\tZZ\tNEAR Example',
  '203.0.113.0\t203.0.113.255\t64501\tZZ\tFAR Example',
  '',
].join('\n');

/**
 * Links by their two ends, the first three parts of their addresses, and the fourth part of the
 * first end. The second end has the next address.
 *
 *     probe - r1 - r2 ~ r4 - r6 - target        r1 to r3 are AS64500, r4 to r6 AS64501
 *               \- r3 - r5 -/                   ~ is the wire with variable delay and loss
 */
const links = [
  ['r1', 'probe', '192.0.2', 1],
  ['r1', 'r2', '198.51.100', 1],
  ['r1', 'r3', '198.51.100', 5],
  ['r3', 'r5', '203.0.113', 5],
  ['r4', 'r6', '203.0.113', 9],
  ['r5', 'r6', '203.0.113', 13],
  ['r6', 'target', '203.0.113', 17],
] as const;

const near = '192.0.2.0/30';
const far = '203.0.113.16/30';

/** Routes: namespace, destination and next hop. */
const routes = [
  ['probe', 'default', '192.0.2.1'],
  ['r2', far, '203.0.113.2'],
  ['r2', near, '198.51.100.1'],
  ['r3', far, '203.0.113.6'],
  ['r3', near, '198.51.100.5'],
  ['r4', near, '203.0.113.1'],
  ['r5', far, '203.0.113.14'],
  ['r5', near, '203.0.113.5'],
  ['r6', near, '203.0.113.9'],
  ['target', 'default', '203.0.113.17'],
] as const;

/** A small internet whose behavior a test can change. */
export interface Network {
  /** Routes packets to the target over r2 and r4, or over r3 and r5. */
  routeOver(router: 'r2' | 'r3'): Promise<void>;
  /** Sets the link between r4 and r6 up or down. */
  setLink(isUp: boolean): Promise<void>;
  /** The link from r2 to r4. */
  readonly wire: Wire;
  /** Sets the MTU of the link between r4 and r6, bytes. */
  setMtu(mtu: number): Promise<void>;
  /** Sets whether r4 answers packets whose ttl expires. */
  setReplies(isOn: boolean): Promise<void>;
}

/** Builds the network in a lab. All links are up, and packets take r2. */
export async function buildNetwork(lab: Lab): Promise<Network> {
  const names = ['probe', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'target'];
  for (const name of names) {
    await lab.add(name);
    await lab.run(name, 'sh', '-c', settings);
  }
  for (const [one, other, prefix, part] of links) {
    await lab.link(one, other);
    await lab.ip(one, `addr add ${prefix}.${part}/30 dev ${other}`);
    await lab.ip(other, `addr add ${prefix}.${part + 1}/30 dev ${one}`);
    await lab.ip(one, `link set ${other} up`);
    await lab.ip(other, `link set ${one} up`);
  }
  const wire = await openWire(lab, ['r2', '203.0.113.1'], ['r4', '203.0.113.2']);
  for (const [name, to, via] of routes) await lab.ip(name, `route add ${to} via ${via}`);
  const routeOver = async (router: 'r2' | 'r3') => {
    const via = router === 'r2' ? '198.51.100.2' : '198.51.100.6';
    await lab.ip('r1', `route replace ${far} via ${via}`);
  };
  const setLink = async (isUp: boolean) => {
    await lab.ip('r4', `link set r6 ${isUp ? 'up' : 'down'}`);
    if (isUp) await lab.ip('r4', `route replace ${far} via 203.0.113.10`);
  };
  await routeOver('r2');
  await setLink(true);
  return {
    routeOver,
    setLink,
    wire,
    async setMtu(mtu) {
      await lab.ip('r4', `link set r6 mtu ${mtu}`);
      await lab.ip('r6', `link set r4 mtu ${mtu}`);
      // The kernel caches path MTUs for minutes.
      await lab.ip('probe', 'route flush cache');
    },
    async setReplies(isOn) {
      await lab.ip('r4', `rule ${isOn ? 'del' : 'add'} iif lo to ${near} blackhole`);
    },
  };
}

/**
 * Routers forward, reply from the ingress interface without rate limit, and allow asymmetric
 * routes.
 */
const settings = [
  ['ip_forward', 1],
  ['icmp_errors_use_inbound_ifaddr', 1],
  ['icmp_ratemask', 0],
  ['conf/all/rp_filter', 0],
  ['conf/default/rp_filter', 0],
]
  .map(([name, value]) => `echo ${value} > /proc/sys/net/ipv4/${name}`)
  .join(' && ');
