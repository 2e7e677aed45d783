import type { PatternHop } from '../model/site/analysis.ts';
import { asLabel } from '../model/values/format.ts';

/** A responder as templates show it. */
export interface ResponderText {
  /** Host name, or the address if unknown. */
  readonly name: string;
  /** The address if `name` is a host name, else ''. */
  readonly address: string;
}

/** Finds the host name of an address, null when it has none. */
export interface ResponderLookup {
  get(address: string): { readonly hostname: string | null } | undefined;
}

/** Host name and address of one responder. */
export function responderText(responders: ResponderLookup, address: string): ResponderText {
  const hostname = responders.get(address)?.hostname;
  return hostname ? { name: hostname, address } : { name: address, address: '' };
}

/** Returns a function that finds the host name of an address, or returns the address if unknown. */
export function hostNameLookup(responders: ResponderLookup): (address: string) => string {
  return (address) => responders.get(address)?.hostname ?? address;
}

/** `AS64500 Example Net`, `AS64500`, or ''. */
export function asText(asn: number | null, asName: string | null | undefined): string {
  if (asn === null) return '';
  return asName ? `${asLabel(asn)} ${asName}` : asLabel(asn);
}

/** A hop in a sentence: `hop 5 (r5.example)`, `hop 5` for a silent one. */
export function hopText(responders: ResponderLookup, hop: PatternHop): string {
  const [address] = hop.addresses;
  if (address === undefined) return `hop ${hop.ttl}`;
  return `hop ${hop.ttl} (${responderText(responders, address).name})`;
}

/** `name (address)` for plain text; `???` for a silent hop. */
export function responderPlainText(
  responders: ResponderLookup,
  address: string | undefined,
): string {
  if (address === undefined) return '???';
  const text = responderText(responders, address);
  return text.address === '' ? text.name : `${text.name} (${text.address})`;
}
