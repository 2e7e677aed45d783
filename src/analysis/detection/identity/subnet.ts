/**
 * The subnet that the two ends of a link share: /30 of an IPv4 address, /64 of an IPv6 address, as
 * text.
 */
export function linkSubnet(address: string): string {
  if (address.includes(':')) return `${networkOf(address)}/64`;
  const dot = address.lastIndexOf('.');
  return `${address.slice(0, dot)}.${Number(address.slice(dot + 1)) & ~3}/30`;
}

/** The usual size of a site's subnet: /24 of an IPv4 address, /64 of an IPv6 address, as text. */
export function siteSubnet(address: string): string {
  if (address.includes(':')) return networkOf(address);
  return address.slice(0, address.lastIndexOf('.'));
}

/** The first four groups of an IPv6 address, zeros written out. */
function networkOf(address: string): string {
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const behind = tail === undefined || tail === '' ? [] : tail.split(':');
  while (groups.length + behind.length < 8) groups.push('0');
  return [...groups, ...behind].slice(0, 4).join(':');
}
