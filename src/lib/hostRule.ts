import { createPrefixTest, type PrefixTest } from '../model/trace/addressPrefix.ts';
import { canonicalHostName } from './hostName.ts';
import { canonicalAddress, canonicalPrefix } from './ip.ts';

/** A rule for hosts: any, those of a domain, one (perhaps at one more port), or a prefix. */
export type HostRule =
  | { readonly kind: 'any' }
  | { readonly kind: 'domain'; readonly suffix: string }
  | { readonly kind: 'host'; readonly name: string; readonly port: number | null }
  | { readonly kind: 'prefix'; readonly holds: PrefixTest };

/** Parses `*`, `*.example.org`, `host`, `host:port`, an address or a prefix; null for all else. */
export function parseHostRule(text: string): HostRule | null {
  if (text === '*') return { kind: 'any' };
  if (text.startsWith('*.')) {
    const domain = canonicalHostName(text.slice(2));
    return domain === null ? null : { kind: 'domain', suffix: `.${domain}` };
  }
  if (text.includes('/')) {
    const prefix = canonicalPrefix(text);
    const holds = prefix === null ? null : createPrefixTest(prefix);
    return holds === null ? null : { kind: 'prefix', holds };
  }
  const [, bracketed, bare, portText] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [
    text,
    text,
  ];
  const written = bracketed ?? bare ?? '';
  const name = canonicalAddress(written) ?? canonicalHostName(written);
  return name === null
    ? null
    : { kind: 'host', name, port: portText === undefined ? null : Number(portText) };
}
