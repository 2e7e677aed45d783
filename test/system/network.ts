import type { Lab } from './lab.ts';
import { openWire, type Wire } from './wire.ts';

/** The measuring host, the target, and what they are known by. */
export const source = '192.0.2.2';
export const target = '203.0.113.18';

/** The list of AS numbers, in the form of ip2asn: the two halves of the network. */
export const systems = [
  '192.0.2.0\t192.0.2.255\t64500\tZZ\tNEAR Example',
  '198.51.100.0\t198.51.100.255\t64500\tZZ\tNEAR Example',
  '203.0.113.0\t203.0.113.255\t64501\tZZ\tFAR Example',
  '',
].join('\n');

/**
 * Links with the first three parts of their addresses and the fourth of the first end; the other end has the next one.
 *
 *     probe - r1 - r2 ~ r4 - r6 - target        r1 to r3 are AS64500, r4 to r6 AS64501
 *               \- r3 - r5 -/                   ~ is the wire that can be made slow and lossy
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

/** Next hops: what lies behind which namespace. */
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

/** A small internet, and what can happen to it. */
export interface Network {
  /** Packets to the target go by r2 and r4, or by r3 and r5. */
  goBy(router: 'r2' | 'r3'): Promise<void>;
  /** The link between r4 and r6 works, or does not. */
  join(works: boolean): Promise<void>;
  /** Delay and loss of what goes from r2 to r4. */
  readonly wire: Wire;
  /** Packets to the target may be so long, bytes. */
  limit(mtu: number): Promise<void>;
  /** r4 answers what has run out of hops, or forwards in silence. */
  answer(does: boolean): Promise<void>;
}

/** Builds the network in a lab: everything works, packets go by r2. */
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
  const goBy = async (router: 'r2' | 'r3') => {
    const via = router === 'r2' ? '198.51.100.2' : '198.51.100.6';
    await lab.ip('r1', `route replace ${far} via ${via}`);
  };
  const join = async (works: boolean) => {
    await lab.ip('r4', `link set r6 ${works ? 'up' : 'down'}`);
    if (works) await lab.ip('r4', `route replace ${far} via 203.0.113.10`);
  };
  await goBy('r2');
  await join(true);
  return {
    goBy,
    join,
    wire,
    async limit(mtu) {
      await lab.ip('r4', `link set r6 mtu ${mtu}`);
      await lab.ip('r6', `link set r4 mtu ${mtu}`);
      // What the kernel has learned of a path is good for minutes.
      await lab.ip('probe', 'route flush cache');
    },
    async answer(does) {
      await lab.ip('r4', `rule ${does ? 'del' : 'add'} iif lo to ${near} blackhole`);
    },
  };
}

/** Routers forward, answer from the side where a packet came in, as often as asked, and take ways that differ there and back. */
const settings = [
  ['ip_forward', 1],
  ['icmp_errors_use_inbound_ifaddr', 1],
  ['icmp_ratemask', 0],
  ['conf/all/rp_filter', 0],
  ['conf/default/rp_filter', 0],
]
  .map(([name, value]) => `echo ${value} > /proc/sys/net/ipv4/${name}`)
  .join(' && ');
