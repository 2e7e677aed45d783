/** Starts in ms, each relative to the previous one, and round-trip times in µs. */
export type StoredRtts = readonly [sinceMs: readonly number[], rttsUs: readonly number[]];

/** A round-trip time, ms, and the start of its trace, epoch seconds. */
interface TimedRtt {
  readonly at: number;
  readonly ms: number;
}

/** Times as whole numbers. */
export function serializeRtts(samples: readonly TimedRtt[]): StoredRtts {
  let before = 0;
  const sinceMs = samples.map(({ at }) => {
    const since = Math.round(at * 1000) - before;
    before += since;
    return since;
  });
  return [sinceMs, samples.map(({ ms }) => microseconds(ms))];
}

/** The times that `serializeRtts` stored. */
export function restoreRtts([sinceMs, rttsUs]: StoredRtts): TimedRtt[] {
  let atMs = 0;
  return sinceMs.map((since, index) => {
    atMs += since;
    return { at: atMs / 1000, ms: milliseconds(rttsUs[index] as number) };
  });
}

/** Milliseconds as whole microseconds. */
export function microseconds(ms: number): number {
  return Math.round(ms * 1000);
}

/** Microseconds as milliseconds. */
export function milliseconds(us: number): number {
  return us / 1000;
}

/** A number with three decimals, which is short as JSON. */
export function roundThousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}
