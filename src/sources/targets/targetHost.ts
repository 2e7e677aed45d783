import { canonicalHostName } from '../../lib/hostName.ts';
import { canonicalAddress } from '../../lib/ip.ts';
import { truncate } from '../../lib/truncate.ts';

/**
 * Parses the host of a target: an address (IPv6 with or without brackets) or a host name. Returns a
 * fault for anything else, and for text that a program could mistake for an option.
 */
export function readHost(text: string): { readonly host: string } | { readonly fault: string } {
  const written = text.trim();
  if (written.startsWith('-')) {
    return { fault: `a host cannot start with "-", found ${quoted(written)}` };
  }
  const bare = /^\[(.*)\]$/.exec(written)?.[1] ?? written;
  const host = canonicalAddress(bare) ?? canonicalHostName(bare);
  return host === null
    ? { fault: `expected a host name or an address, found ${quoted(written)}` }
    : { host };
}

const maxQuotedLength = 60;

/** Quotes text of a file for a message: one line, of a readable length. */
export function quoted(text: string): string {
  return JSON.stringify(truncate(text, maxQuotedLength));
}
