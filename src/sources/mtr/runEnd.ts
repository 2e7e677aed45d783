import { canonicalHostName } from '../../lib/hostName.ts';
import { canonicalAddress } from '../../lib/ip.ts';
import { cleanText } from '../../lib/text.ts';
import type { Endpoint } from '../../model/test.ts';
import { identifiesHost } from './hopHost.ts';

/** One end of a run: at least one of the two is known. */
export interface RunEnd {
  readonly address: string | null;
  /** As it was given, in lower case; null when an address was given. */
  readonly name: string | null;
}

/**
 * An end as a person, a file name or a tool writes it, and its address where that is told beside. null for nothing, and for
 * what every host calls itself.
 */
export function parseRunEnd(text: string | null, address: string | null = null): RunEnd | null {
  const literal = canonicalAddress(text);
  if (literal !== null) return { address: literal, name: null };
  const name = canonicalHostName(text) ?? cleanText(text)?.toLowerCase() ?? null;
  if (name !== null && identifiesHost(name)) return { address, name };
  return address === null ? null : { address, name: null };
}

/** What an end is known by: its name, which outlives a change of address, else the address. */
export function identityOf({ name, address }: RunEnd): string {
  return name ?? address ?? 'unknown';
}

/** An end as the model has it. */
export function endpointOf(end: RunEnd): Endpoint {
  return { address: end.address, name: identityOf(end) };
}

/** Longest part of a test's id, so that two of them and the rest fit into a file name. */
const maxIdPartLength = 80;

/**
 * An end as a part of a test's id: address (with `-` for `:`) or host name. Text that is neither may come from anywhere and
 * does not get into the name of a file.
 */
export function idPart(end: RunEnd): string {
  const identity = identityOf(end);
  const isSafe = [canonicalAddress(identity), canonicalHostName(identity)].includes(identity);
  return isSafe && identity.length <= maxIdPartLength ? identity.replaceAll(':', '-') : 'unknown';
}
