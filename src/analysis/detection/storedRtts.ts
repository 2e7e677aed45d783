/** Starts in s, exact to 1 ms, and round-trip times in µs, both as differences. */
export type StoredRtts = readonly [starts: readonly number[], rttsUs: readonly number[]];

/** A round-trip time, ms, and the start of its trace, epoch seconds. */
interface TimedRtt {
  readonly at: number;
  readonly ms: number;
}

/** Times as whole numbers. */
export function serializeRtts(samples: readonly TimedRtt[]): StoredRtts {
  return [
    toDifferences(samples.map(({ at }) => Math.round(at * 1000))).map((ms) => ms / 1000),
    serializeTimes(samples.map(({ ms }) => ms)),
  ];
}

/** The times that `serializeRtts` stored. */
export function restoreRtts([starts, rttsUs]: StoredRtts): TimedRtt[] {
  const times = restoreTimes(rttsUs);
  return fromDifferences(starts.map((seconds) => Math.round(seconds * 1000))).map(
    (startMs, index) => ({
      at: startMs / 1000,
      ms: times[index] as number,
    }),
  );
}

/** Milliseconds as differences in whole microseconds. */
export function serializeTimes(timesMs: readonly number[]): number[] {
  return toDifferences(timesMs.map(microseconds));
}

/** The milliseconds that `serializeTimes` stored. */
export function restoreTimes(differencesUs: readonly number[]): number[] {
  return fromDifferences(differencesUs).map(milliseconds);
}

/** Each value less the one before: values that are alike are short as JSON. */
export function toDifferences(values: readonly number[]): number[] {
  return values.map((value, index) => value - (values[index - 1] ?? 0));
}

/** The values behind some differences. */
export function fromDifferences(differences: readonly number[]): number[] {
  let value = 0;
  return differences.map((difference) => {
    value += difference;
    return value;
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
