/** Redirects that one request may follow. */
export const maxRedirects = 5;

/**
 * Where a redirect may lead: the same host, by the same scheme and port or from http to https. null for every other
 * target, so that no archive can send this program to somebody else.
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

/** Milliseconds that `Retry-After` asks for (seconds or an HTTP date), at most `most`; null when it says nothing. */
export function retryAfterMs(header: unknown, now: number, maxMs: number): number | null {
  if (typeof header !== 'string') return null;
  const text = header.trim();
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(waitMs) ? null : Math.min(Math.max(waitMs, 0), maxMs);
}
