/**
 * Ranges that mean another machine at every site: RFC 1918, shared address space of carriers (RFC 6598), loopback and
 * link-local IPv4; unique local (RFC 4193), link-local and loopback IPv6. Addresses are in canonical text, or pseudonyms.
 */
const ipv4 =
  /^(?:10|127|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./;
const ipv6 = /^(?:f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):|^::1?$/;

/** Whether an address says nothing about which machine it is unless the site is known. */
export function isPrivateAddress(address: string): boolean {
  return (address.includes(':') ? ipv6 : ipv4).test(address) || address.startsWith('private-');
}
