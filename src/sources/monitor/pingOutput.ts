import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { mean } from 'd3-array';
import { roundDecimals } from '../../lib/roundDecimals.ts';

/** Statistics of a burst of pings. Times are in ms, rounded to 1 µs; null without a timed reply. */
export interface PingStatistics {
  readonly sent: number;
  readonly received: number;
  readonly minMs: number | null;
  readonly avgMs: number | null;
  readonly maxMs: number | null;
  /** Sample standard deviation; null below 2 times. */
  readonly stdevMs: number | null;
  /** Mean absolute difference between successive replies; null below 2 times. */
  readonly jitterMs: number | null;
}

/**
 * `64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=0.045 ms`; no `time` if the payload is too
 * short.
 */
const replyPattern = /^\d+ bytes from .*\bicmp_seq=(\d+)\b(?:.*\btime[=<](\d+(?:\.\d+)?) ms)?/;

/**
 * Reads the output of ping: the time of each reply (null if unreported) by its number. A duplicate
 * reply counts once.
 */
export function createPingReader() {
  const replies = new Map<number, number | null>();
  return {
    repliesMs: () => replies,
    async read(output: AsyncIterable<Uint8Array>): Promise<void> {
      for await (const line of createInterface({ input: Readable.from(output) })) {
        const [found, sequence, time] = replyPattern.exec(line) ?? [];
        if (found === undefined || replies.has(Number(sequence))) continue;
        replies.set(Number(sequence), time === undefined ? null : Number(time));
      }
    },
  };
}

/** Statistics of a burst; `replies` are by their number. */
export function computeStatistics(
  sent: number,
  replies: ReadonlyMap<number, number | null>,
): PingStatistics {
  const inOrder = [...replies].sort(([one], [other]) => one - other);
  const times = inOrder.flatMap(([, time]) => time ?? []);
  const received = Math.min(sent, replies.size);
  if (times.length === 0) {
    return { sent, received, minMs: null, avgMs: null, maxMs: null, stdevMs: null, jitterMs: null };
  }
  const avgMs = mean(times) ?? 0;
  const differences = times.slice(1).map((time, index) => Math.abs(time - (times[index] ?? time)));
  const squares = times.reduce((sum, time) => sum + (time - avgMs) ** 2, 0);
  return {
    sent,
    received,
    minMs: Math.min(...times),
    avgMs: roundDecimals(avgMs),
    maxMs: Math.max(...times),
    stdevMs: times.length < 2 ? null : roundDecimals(Math.sqrt(squares / (times.length - 1))),
    jitterMs: differences.length === 0 ? null : roundDecimals(mean(differences) ?? null),
  };
}
