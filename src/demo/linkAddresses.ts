import type { NetworkSpec } from './data/networks.ts';

/** The addresses of the two ends of a link. */
export interface AddressPair {
  readonly v4: readonly [string, string];
  readonly v6: readonly [string, string];
}

/**
 * Allocates the addresses of a network's links, in the order of the calls: a /31 of its IPv4 block
 * and a /64 of its IPv6 prefix each. Throws if the block is exhausted, which only a change of the
 * topology can cause.
 */
export function linkAddresses(network: NetworkSpec): () => AddressPair {
  const [base = '', length] = network.v4.split('/');
  const [prefix, first] = [base.slice(0, base.lastIndexOf('.')), Number(base.split('.')[3])];
  const end = first + 2 ** (32 - Number(length));
  let next = first + 2;
  let link = 0;
  return () => {
    if (next + 1 >= end) throw new Error(`the IPv4 block of ${network.id} is exhausted`);
    const v4 = [`${prefix}.${next}`, `${prefix}.${next + 1}`] as const;
    next += 2;
    link += 1;
    const lan = `${network.v6}:${link.toString(16)}::`;
    return { v4, v6: [`${lan}1`, `${lan}2`] };
  };
}
