import { canonicalHostName } from '../../lib/hostName.ts';
import { canonicalAddress } from '../../lib/ip.ts';

/**
 * Reads the host of a target: an address (IPv6 with or without brackets) or a host name. Returns a sentence for everything
 * else, and for whatever a program could take for an option.
 */
export function readHost(text: string): { readonly host: string } | { readonly fault: string } {
  const written = text.trim();
  if (written.startsWith('-')) {
    return { fault: `a host may not begin with "-", found ${quoted(written)}` };
  }
  const bare = /^\[(.*)\]$/.exec(written)?.[1] ?? written;
  const host = canonicalAddress(bare) ?? canonicalHostName(bare);
  return host === null
    ? { fault: `expected a host name or an address, found ${quoted(written)}` }
    : { host };
}

/** Text of a file within a sentence: one line, cut to a readable length. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text);
}
