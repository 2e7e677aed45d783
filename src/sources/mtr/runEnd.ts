import { canonicalHostName, isGenericHostName } from '../../lib/hostName.ts';
import { canonicalAddress } from '../../lib/ip.ts';
import { cleanText } from '../../lib/text.ts';
import type { Endpoint } from '../../model/test/test.ts';
import { responderAddress } from '../probeValues.ts';

/** One end of a run, with an address, a name or both. */
export interface RunEnd {
  readonly address: string | null;
  /** As written, in lower case; null if an address was written. */
  readonly name: string | null;
}

/**
 * Parses an end as a user, a file name or a tool writes it. `address` is its separate address, if
 * known. null for an empty text and for names that every host uses for itself.
 */
export function parseRunEnd(text: string | null, address: string | null = null): RunEnd | null {
  const literal = responderAddress(text);
  if (literal !== null) return { address: literal, name: null };
  const name = canonicalHostName(text) ?? cleanText(text)?.toLowerCase() ?? null;
  if (name !== null && !isGenericHostName(name)) return { address, name };
  return address === null ? null : { address, name: null };
}

/** Identity of an end: its name, which survives a change of address, else its address. */
export function identityOf({ name, address }: RunEnd): string {
  return name ?? address ?? 'unknown';
}

/** The end as an `Endpoint` of the model. */
export function endpointOf(end: RunEnd): Endpoint {
  return { address: end.address, name: identityOf(end) };
}

/** Longest part of a test's id, so that two parts and the rest fit into a file name. */
const maxIdPartLength = 80;

/**
 * The end as a part of a test's id: address (with `-` for `:`) or host name. Any other text may be
 * hostile, so it becomes `unknown`: ids are file names.
 */
export function idPart(end: RunEnd): string {
  const identity = identityOf(end);
  const isSafe = [canonicalAddress(identity), canonicalHostName(identity)].includes(identity);
  return isSafe && identity.length <= maxIdPartLength ? identity.replaceAll(':', '-') : 'unknown';
}
