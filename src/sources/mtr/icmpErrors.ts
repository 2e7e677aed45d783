/**
 * pScheduler's words for the codes of ICMP destination unreachable (RFC 792, RFC 1122, RFC 1812).
 */
export const icmpErrors = [
  'net-unreachable',
  'host-unreachable',
  'protocol-unreachable',
  'port-unreachable',
  'fragmentation-needed-and-df-set',
  'source-route-failed',
  'destination-network-unknown',
  'destination-host-unknown',
  'source-host-isolated',
  'destination-network-administratively-prohibited',
  'destination-host-administratively-prohibited',
  'network-unreachable-for-type-of-service',
  'icmp-destination-host-unreachable-tos',
  'communication-administratively-prohibited',
  'host-precedence-violation',
  'precedence-cutoff-in-effect',
] as const;

const byLetter: Readonly<Record<string, (typeof icmpErrors)[number]>> = {
  N: 'net-unreachable',
  H: 'host-unreachable',
  P: 'protocol-unreachable',
  F: 'fragmentation-needed-and-df-set',
  S: 'source-route-failed',
  X: 'communication-administratively-prohibited',
  A: 'communication-administratively-prohibited',
  V: 'host-precedence-violation',
  C: 'precedence-cutoff-in-effect',
};

/**
 * The error that traceroute and tracepath mark after a time (`!H`, `!F-1400`, `!<13>`, `!13`), in
 * pScheduler's words. null for `!` and `!T2`, which mark an unusual ttl in a valid reply.
 */
export function parseErrorMark(mark: string): string | null {
  if (/^!T\d+$/.test(mark)) return null;
  const [, code, letter] = /^!(?:<?(\d{1,3})>?|([A-Z]).*)$/.exec(mark) ?? [];
  if (code !== undefined) return icmpErrors[Number(code)] ?? `unknown-error-${Number(code)}`;
  return letter === undefined ? null : (byLetter[letter] ?? 'unknown-error');
}
