import type { PolicyInput } from '../../../../src/analysis/policy/policyInput.ts';
import type { Responder, Trace } from '../../../../src/model/trace/trace.ts';

/**
 * Hops are written by AS: `500` answers from AS 64500, `500b` another address of it, `x` from an unknown AS, `p` from a private
 * address, `*` not at all; a trace that ends in `!` did not reach the destination.
 */
export function observation(
  lines: readonly string[],
  parts: { rttMs?: readonly number[]; usual?: Partial<PolicyInput['usual']> } = {},
): PolicyInput {
  const responders = new Map<string, Responder>();
  const traces = lines.map((line, index) =>
    traceOf(line, index, parts.rttMs?.[index] ?? 10, responders),
  );
  return { traces, responders, usual: { hops: 5, rttMs: 10, lossPct: 0, ...parts.usual } };
}

function traceOf(
  line: string,
  index: number,
  rtt: number,
  responders: Map<string, Responder>,
): Trace {
  const reached = !line.endsWith('!');
  const words = line.replace('!', '').trim().split(/\s+/).filter(Boolean);
  const hops = words.map((word, at) => ({
    ttl: at + 1,
    addresses: word === '*' ? [] : [addressOf(word, responders)],
    mtu: null,
    error: null,
  }));
  const last = hops.length - 1;
  const rttMs = hops.flatMap(({ addresses }, at) =>
    addresses.map(() => (at === last ? rtt : at + 1)),
  );
  return { startedAt: index * 600, route: { hops, reached, pathMtu: null }, rttMs, probes: null };
}

function addressOf(word: string, responders: Map<string, Responder>): string {
  if (word === 'p') return '192.168.1.1';
  const asn = word === 'x' ? null : 64000 + Number.parseInt(word, 10);
  const last = word === 'x' ? 99 : (asn as number) - 64499;
  const address = `198.51.100.${last + (word.endsWith('b') ? 100 : 0)}`;
  responders.set(address, { address, hostname: `r${word}.example.net`, asn, asName: null });
  return address;
}
