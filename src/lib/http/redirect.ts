/** Most redirects of one request. */
export const maxRedirects = 5;

/**
 * The target of a redirect to the same host, with the same scheme and port or from http to https.
 * null for any other target, so that no archive can direct requests to another server.
 */
export function redirectTarget(from: URL, location: unknown): URL | null {
  const target = typeof location === 'string' ? URL.parse(location, from.href) : null;
  if (target === null) return null;
  target.hash = '';
  if (target.hostname !== from.hostname || target.username !== '' || target.password !== '') {
    return null;
  }
  const isUpgrade = from.protocol === 'http:' && target.protocol === 'https:';
  return isUpgrade || target.origin === from.origin ? target : null;
}

/**
 * Milliseconds of `Retry-After` (seconds or an HTTP date), at most `maxMs`; null for an invalid
 * header.
 */
export function retryAfterMs(header: unknown, now: number, maxMs: number): number | null {
  if (typeof header !== 'string') return null;
  const text = header.trim();
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(waitMs) ? null : Math.min(Math.max(waitMs, 0), maxMs);
}
