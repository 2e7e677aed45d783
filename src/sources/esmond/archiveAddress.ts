import { ExpectedError } from '../../lib/errors.ts';
import { canonicalAddress } from '../../lib/ip.ts';
import { cleanText } from '../../lib/text.ts';
import { familyOf } from '../../model/trace/addressKinds.ts';

/** The path of an archive of any generation, unless its address has one. */
export const defaultPath = '/esmond/perfsonar/archive';

/**
 * The address of an archive. `bases` are its base URLs in the order of trial, without a final
 * slash.
 */
export interface ArchiveAddress {
  readonly id: string;
  readonly hostname: string;
  readonly bases: readonly [string, ...string[]];
}

/**
 * Parses an archive's address: `host`, `host:port`, `host/path`, an IPv6 literal with or without
 * brackets, or a URL. Without a scheme, https precedes http. Throws an `ExpectedError` for anything
 * else.
 */
export function parseArchiveAddress(text: string): ArchiveAddress {
  const { hostname, idHost, urlsOf, path } = parseServerAddress(text);
  const [first = '', ...others] = urlsOf(path ?? defaultPath);
  return { id: `${idHost}${path ?? defaultPath}`, hostname, bases: [first, ...others] };
}

/** The parts of an archive's address. */
export interface ServerAddress {
  readonly hostname: string;
  /** `:port`, or empty for none. */
  readonly port: string;
  /** Host and port, without the ports 80 and 443. */
  readonly idHost: string;
  /** As written, without a final slash; null for none. */
  readonly path: string | null;
  /** The URLs of a path, in the order of trial. */
  urlsOf(path: string): readonly string[];
}

/** Splits an archive's address. Throws an `ExpectedError`, as `parseArchiveAddress` does. */
export function parseServerAddress(text: string): ServerAddress {
  const written = text.trim();
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(written)?.[1]?.toLowerCase();
  const literal = canonicalAddress(written);
  const host = literal !== null && familyOf(literal) === 6 ? `[${literal}]` : written;
  const full = scheme === undefined ? `https://${host}` : written;
  const url = URL.parse(full);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '')
    throw invalidAddressError(text);
  if (url.username !== '' || url.password !== '') throw invalidAddressError(text);
  if (url.search !== '' || url.hash !== '') throw queryError(text);
  const schemes = scheme === undefined ? ['https', 'http'] : [scheme];
  const { hostname } = url;
  const path = url.pathname.replace(/\/+$/, '');
  const port = portOf(full, url);
  return {
    hostname,
    port,
    idHost: `${hostname}${port === ':80' || port === ':443' ? '' : port}`,
    path: path === '' ? null : path,
    urlsOf: (wanted) => schemes.map((name) => `${name}://${hostname}${port}${wanted}`),
  };
}

/** `URL` drops the default port of its scheme, but `host:443` must not become port 80 for http. */
function portOf(full: string, url: URL): string {
  if (url.port !== '') return `:${url.port}`;
  return /^https:\/\/[^/?#]+:443(?=[/?#]|$)/i.test(full) ? ':443' : '';
}

/** Removes the parts before an `@` and after the path, which may be secrets. */
function withoutSecrets(text: string): string {
  return text.replace(/^(\s*[a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1…@').replace(/[?#].*$/s, '');
}

function queryError(text: string): ExpectedError {
  return new ExpectedError({
    kind: 'misconfigured',
    subject: cleanText(withoutSecrets(text), 100) ?? '(empty)',
    message: 'The address of an archive has neither a query nor a fragment.',
    remedy: 'Omit the part from the "?" or "#" on.',
  });
}

function invalidAddressError(text: string): ExpectedError {
  return new ExpectedError({
    kind: 'misconfigured',
    subject: cleanText(withoutSecrets(text), 100) ?? '(empty)',
    message: 'This is not an archive address.',
    remedy: `Give a host, host:port, or a URL such as https://host${defaultPath}, without a user name.`,
  });
}
