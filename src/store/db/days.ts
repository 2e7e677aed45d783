/** Seconds of a day; epoch days have no leap seconds. History is settled, and traces are deleted, by whole days UTC. */
export const daySeconds = 86_400;

/** Number of the day, counted from the epoch, in which a moment (epoch seconds) lies. */
export function dayOf(at: number): number {
  return Math.floor(at / daySeconds);
}

/** The midnight UTC, epoch seconds, at or before a moment. */
export function midnightOf(at: number): number {
  return dayOf(at) * daySeconds;
}
