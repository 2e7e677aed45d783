import { canonicalHostName } from '../../lib/hostName.ts';
import type { HostRule } from '../../lib/hostRule.ts';
import { canonicalAddress } from '../../lib/ip.ts';
import { isGlobalAddress } from '../../model/trace/addressKinds.ts';

/** Decides which hosts templates may have pstrace connect to. */
export interface IncludeRules {
  /** Completes "an include …" with the reason not to fetch it; null if pstrace may. */
  rejectionOf(url: URL): string | null;
  /** Whether pstrace may connect to this address of a host. */
  allowsAddress(hostname: string, address: string): boolean;
}

const defaultPorts: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/**
 * Templates may name only the hosts of the templates in the configuration, at their ports and the
 * usual ones, and what `allow` adds. An address that is not public must be named itself, or be in a
 * prefix there: the author of a template, or DNS, could otherwise reach inner hosts.
 */
export function createIncludeRules(
  locations: readonly string[],
  allow: readonly HostRule[],
): IncludeRules {
  const named = locations.flatMap((location): HostRule[] => {
    const url = URL.parse(location);
    if (url === null || !(url.protocol in defaultPorts)) return [];
    return [{ kind: 'host', name: hostOf(url.hostname), port: portOf(url) }];
  });
  const rules = [...named, ...allow];
  const portsOf = (name: string) =>
    rules.flatMap((rule) => (rule.kind === 'host' && rule.name === name ? [rule.port] : []));
  const isInPrefix = (address: string) =>
    rules.some((rule) => rule.kind === 'prefix' && rule.holds(address));
  const isInDomain = (name: string) =>
    rules.some(
      (rule) => rule.kind === 'any' || (rule.kind === 'domain' && `.${name}`.endsWith(rule.suffix)),
    );
  const allowsAddress = (name: string, address: string) =>
    portsOf(name).length > 0 || isPublicAddress(address) || isInPrefix(address);
  return {
    allowsAddress: (hostname, address) =>
      allowsAddress(hostOf(hostname), canonicalAddress(address) ?? address),
    rejectionOf(url) {
      const name = hostOf(url.hostname);
      const ports = portsOf(name);
      if (url.username !== '' || url.password !== '') return 'has a user name or a password';
      if (ports.length === 0 && !isInDomain(name) && !isInPrefix(name))
        return 'is on a host that the configuration does not name';
      if (canonicalAddress(name) !== null && !allowsAddress(name, name))
        return 'is at a private address that the configuration does not name';
      const isUsualPort = url.port === '' || ['80', '443'].includes(url.port);
      if (!isUsualPort && !ports.includes(portOf(url)))
        return 'is at a port that the configuration does not name';
      return null;
    },
  };
}

/** The host of a URL as rules name it. */
function hostOf(hostname: string): string {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return canonicalAddress(bare) ?? canonicalHostName(bare) ?? bare.toLowerCase();
}

function portOf(url: URL): number {
  return url.port === '' ? (defaultPorts[url.protocol] ?? 0) : Number(url.port);
}

/** IPv6 ranges in use, without those that lead to an IPv4 address that they contain (6to4). */
const globalIpv6 = /^(?!2002:)[23][\da-f]{3}:/;

function isPublicAddress(address: string): boolean {
  return isGlobalAddress(address) && (!address.includes(':') || globalIpv6.test(address));
}
