import type { NamedAnswer, Spread } from '../../model/trace/trace.ts';
import type { ByteReader, ByteWriter } from '../db/bytes.ts';

type NullableTimes = readonly (number | null)[];

/** Packs times in ms, each as µs + 1; 0 means null. */
export function packTimes(times: NullableTimes, writer: ByteWriter): void {
  for (const ms of times) writer.writeUnsigned(ms === null ? 0 : Math.round(ms * 1000) + 1);
}

/** Unpacks `length` times, in ms. */
export function unpackTimes(reader: ByteReader, length: number): (number | null)[] {
  const times: (number | null)[] = [];
  for (let remaining = length; remaining > 0; remaining--) {
    const packed = reader.readUnsigned();
    times.push(packed === 0 ? null : (packed - 1) / 1000);
  }
  return times;
}

/** Packs the spread of a trace with so many times: mean, worst, deviation, jitter. */
export function packSpread(spread: Spread, times: number, writer: ByteWriter): void {
  for (const series of [spread.avgMs, spread.worstMs, spread.stdevMs, spread.jitterMs]) {
    if (series.length !== times) throw new Error('the spread and the times differ in length');
    packTimes(series, writer);
  }
}

/** Unpacks the spread of a trace with so many times. */
export function unpackSpread(reader: ByteReader, times: number): Spread {
  const avgMs = unpackTimes(reader, times);
  const worstMs = unpackTimes(reader, times);
  const stdevMs = unpackTimes(reader, times);
  return { avgMs, worstMs, stdevMs, jitterMs: unpackTimes(reader, times) };
}

/**
 * Packs named answers: their number, then for each the ttl, the name, the replies received + 1 (0
 * for unknown) and five times.
 */
export function packNamed(named: readonly NamedAnswer[], writer: ByteWriter): void {
  writer.writeUnsigned(named.length);
  for (const { ttl, name, received, rttMs, avgMs, worstMs, stdevMs, jitterMs } of named) {
    writer.writeUnsigned(ttl);
    writer.writeText(name);
    writer.writeUnsigned(received === null ? 0 : received + 1);
    packTimes([rttMs, avgMs, worstMs, stdevMs, jitterMs], writer);
  }
}

/** Unpacks named answers. */
export function unpackNamed(reader: ByteReader): NamedAnswer[] {
  const named: NamedAnswer[] = [];
  for (let remaining = reader.readCount(); remaining > 0; remaining--) {
    const ttl = reader.readUnsigned();
    const name = reader.readText();
    const received = reader.readUnsigned();
    const times = unpackTimes(reader, 5);
    const [rttMs = null, avgMs = null, worstMs = null, stdevMs = null, jitterMs = null] = times;
    named.push({
      ttl,
      name,
      received: received === 0 ? null : received - 1,
      rttMs,
      avgMs,
      worstMs,
      stdevMs,
      jitterMs,
    });
  }
  return named;
}
