import type { Probes, Trace } from '../model/trace.ts';
import { ByteReader, type ByteWriter, DamagedBody } from './bytes.ts';

/** A trace whose route is told by `R`: the route's stored number in a chunk, the route itself for a reader. */
export type TraceOf<R> = Omit<Trace, 'route'> & { readonly route: R };

/**
 * Format 1 of a chunk of traces, all numbers as `ByteWriter.unsigned`:
 *   format, number of traces, then for each trace, ascending in time,
 *   start in ms since the trace before it (the first: since the epoch), route number,
 *   2 x number of round-trip times + (1 with probe counts), each time in µs + 1 (0 for none),
 *   [number of hops, probes sent hop by hop, replies received time by time].
 */
const format = 1;

/** Packs traces that ascend in time. Starts keep a resolution of 1 ms, round-trip times of 1 µs. */
export function packTraces(traces: readonly TraceOf<number>[], writer: ByteWriter): Uint8Array {
  writer.clear();
  writer.unsigned(format);
  writer.unsigned(traces.length);
  let before = 0;
  for (const trace of traces) {
    const at = startMs(trace.startedAt);
    writer.unsigned(at - before);
    before = at;
    writer.unsigned(trace.route);
    writer.unsigned(2 * trace.rttMs.length + (trace.probes === null ? 0 : 1));
    for (const rtt of trace.rttMs) writer.unsigned(rtt === null ? 0 : Math.round(rtt * 1000) + 1);
    if (trace.probes !== null) packProbes(trace.probes, trace.rttMs.length, writer);
  }
  return writer.take();
}

/** Start of a trace in whole milliseconds: what tells two traces of one test apart. */
export function startMs(startedAt: number): number {
  return Math.round(startedAt * 1000);
}

function packProbes(probes: Probes, times: number, writer: ByteWriter): void {
  if (probes.received.length !== times) throw new Error('probes received do not match the times');
  writer.unsigned(probes.sent.length);
  for (const sent of probes.sent) writer.unsigned(sent);
  for (const received of probes.received) writer.unsigned(received);
}

/** Unpacks a chunk. `routeOf` turns a stored route number into what the caller wants of it. Throws `DamagedBody`. */
export function unpackTraces<R>(body: Uint8Array, routeOf: (number: number) => R): TraceOf<R>[] {
  const reader = new ByteReader(body);
  const written = reader.unsigned();
  if (written !== format) throw new DamagedBody(`traces in unknown format ${written}`);
  const traces: TraceOf<R>[] = new Array(reader.count());
  let at = 0;
  for (let index = 0; index < traces.length; index++) {
    at += reader.unsigned();
    const route = routeOf(reader.unsigned());
    const packed = reader.unsigned();
    const times = Math.floor(packed / 2);
    if (times > reader.left) throw new DamagedBody('a trace is longer than its chunk');
    const rttMs = unpackTimes(reader, times);
    const probes = packed % 2 === 1 ? unpackProbes(reader, times) : null;
    traces[index] = { startedAt: at / 1000, route, rttMs, probes };
  }
  return traces;
}

function unpackTimes(reader: ByteReader, times: number): (number | null)[] {
  const rttMs: (number | null)[] = [];
  for (let left = times; left > 0; left--) {
    const packed = reader.unsigned();
    rttMs.push(packed === 0 ? null : (packed - 1) / 1000);
  }
  return rttMs;
}

function unpackProbes(reader: ByteReader, times: number): Probes {
  const sent = unpackNumbers(reader, reader.count());
  return { sent, received: unpackNumbers(reader, times) };
}

function unpackNumbers(reader: ByteReader, length: number): number[] {
  const numbers: number[] = [];
  for (let left = length; left > 0; left--) numbers.push(reader.unsigned());
  return numbers;
}
