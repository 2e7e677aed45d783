import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';

/** What a burst of pings tells. Times in ms with a resolution of 1 µs; null without a reply that tells its time. */
export interface PingStatistics {
  readonly sent: number;
  readonly received: number;
  readonly minMs: number | null;
  readonly avgMs: number | null;
  readonly maxMs: number | null;
  /** Sample standard deviation; null below 2 times. */
  readonly stdevMs: number | null;
  /** Mean difference between one reply and the next, without its sign; null below 2 times. */
  readonly jitterMs: number | null;
}

/** `64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=0.045 ms`; without `time` when the payload is too short for one. */
const replyPattern = /^\d+ bytes from .*\bicmp_seq=(\d+)\b(?:.*\btime[=<](\d+(?:\.\d+)?) ms)?/;

/** Takes in the output of ping: the time of each reply (null where none is told) by its number; a repeated reply counts once. */
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

/** Statistics of a burst, replies by their number. */
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
  const avgMs = mean(times);
  const differences = times.slice(1).map((time, index) => Math.abs(time - (times[index] ?? time)));
  const squares = times.reduce((sum, time) => sum + (time - avgMs) ** 2, 0);
  return {
    sent,
    received,
    minMs: Math.min(...times),
    avgMs: rounded(avgMs),
    maxMs: Math.max(...times),
    stdevMs: times.length < 2 ? null : rounded(Math.sqrt(squares / (times.length - 1))),
    jitterMs: differences.length === 0 ? null : rounded(mean(differences)),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
