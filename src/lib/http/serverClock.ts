/** What a server's answers tell of its clock. */
export interface ServerClock {
  /** Seconds by which it is ahead of the clock of this host, negative when it is behind; null while no answer has told. */
  offsetSeconds: number | null;
}

/**
 * Reads the clock off the headers of an answer that came at `nowMs` (epoch milliseconds). A cache gives out answers with the time
 * at which they were made: the latest of all counts.
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
