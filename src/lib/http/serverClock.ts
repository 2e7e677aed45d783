/** The clock of a server, by the headers of its responses. */
export interface ServerClock {
  /** Seconds ahead of the clock of this host, negative if behind; null if unknown. */
  offsetSeconds: number | null;
}

/**
 * Updates the clock by the headers of a response received at `nowMs` (epoch milliseconds). Cached
 * responses have an old time, so the largest offset counts.
 */
export function updateServerClock(
  clock: ServerClock,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  nowMs: number,
): void {
  const { date, age } = headers;
  if (typeof date !== 'string') return;
  const cachedSeconds = typeof age === 'string' && /^\d{1,9}$/.test(age) ? Number(age) : 0;
  const offset = Math.round(Date.parse(date) / 1000 + cachedSeconds - nowMs / 1000);
  if (!Number.isFinite(offset)) return;
  clock.offsetSeconds = Math.max(offset, clock.offsetSeconds ?? offset);
}
