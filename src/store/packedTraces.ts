import type { Probes, Trace } from '../model/trace.ts';
import { ByteReader, type ByteWriter, DamagedBody } from './bytes.ts';
import {
  packNamed,
  packSpread,
  packTimes,
  unpackNamed,
  unpackSpread,
  unpackTimes,
} from './packedTimes.ts';

/** A trace whose route is told by `R`: the route's stored number in a chunk, the route itself for a reader. */
export type TraceOf<R> = Omit<Trace, 'route'> & { readonly route: R };

/**
 * A chunk of traces, all numbers as `ByteWriter.unsigned`:
 *   format, number of traces, then for each trace, ascending in time,
 *   start in ms since the trace before it (the first: since the epoch), route number,
 *   in format 1: 2 x number of round-trip times + (1 with probe counts),
 *   in format 2: 8 x number of round-trip times + (1 with probe counts) + (2 with their spread) + (4 with named answers),
 *   each time as `packTimes` has it,
 *   [number of hops, probes sent hop by hop, replies received time by time, [spread]], [named answers].
 * A chunk without spread and named answers is written in format 1, which is shorter.
 */
const plainFormat = 1;
const fullFormat = 2;

const hasProbes = 1;
const hasSpread = 2;
const hasNamed = 4;

/** Packs traces that ascend in time. Starts keep a resolution of 1 ms, round-trip times of 1 µs. */
export function packTraces(traces: readonly TraceOf<number>[], writer: ByteWriter): Uint8Array {
  writer.clear();
  const format = traces.some(needsFull) ? fullFormat : plainFormat;
  writer.unsigned(format);
  writer.unsigned(traces.length);
  let before = 0;
  for (const trace of traces) {
    const at = startMs(trace.startedAt);
    writer.unsigned(at - before);
    before = at;
    writer.unsigned(trace.route);
    writer.unsigned(flagsIn(format) * trace.rttMs.length + flagsOf(trace));
    packTimes(trace.rttMs, writer);
    if (trace.probes !== null) packProbes(trace.probes, trace.rttMs.length, writer);
    if (trace.named !== undefined) packNamed(trace.named, writer);
  }
  return writer.take();
}

function needsFull({ probes, named }: TraceOf<number>): boolean {
  return named !== undefined || probes?.spread !== undefined;
}

/** By what the number of times is multiplied to leave room for the flags. */
function flagsIn(format: number): number {
  return format === plainFormat ? 2 : 8;
}

function flagsOf({ probes, named }: TraceOf<number>): number {
  const spread = probes?.spread === undefined ? 0 : hasSpread;
  return (probes === null ? 0 : hasProbes) | spread | (named === undefined ? 0 : hasNamed);
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
  if (probes.spread !== undefined) packSpread(probes.spread, times, writer);
}

/** Unpacks a chunk. `routeOf` turns a stored route number into what the caller wants of it. Throws `DamagedBody`. */
export function unpackTraces<R>(body: Uint8Array, routeOf: (number: number) => R): TraceOf<R>[] {
  const reader = new ByteReader(body);
  const format = reader.unsigned();
  if (format !== plainFormat && format !== fullFormat) {
    throw new DamagedBody(`traces in unknown format ${format}`);
  }
  const factor = flagsIn(format);
  const traces: TraceOf<R>[] = new Array(reader.count());
  let at = 0;
  for (let index = 0; index < traces.length; index++) {
    at += reader.unsigned();
    const route = routeOf(reader.unsigned());
    const packed = reader.unsigned();
    const times = Math.floor(packed / factor);
    const flags = packed % factor;
    if (times > reader.left) throw new DamagedBody('a trace is longer than its chunk');
    const rttMs = unpackTimes(reader, times);
    const probes = flags & hasProbes ? unpackProbes(reader, times, flags) : null;
    const trace = { startedAt: at / 1000, route, rttMs, probes };
    traces[index] = flags & hasNamed ? { ...trace, named: unpackNamed(reader) } : trace;
  }
  return traces;
}

function unpackProbes(reader: ByteReader, times: number, flags: number): Probes {
  const sent = unpackNumbers(reader, reader.count());
  const received = unpackNumbers(reader, times);
  return flags & hasSpread
    ? { sent, received, spread: unpackSpread(reader, times) }
    : { sent, received };
}

function unpackNumbers(reader: ByteReader, length: number): number[] {
  const numbers: number[] = [];
  for (let left = length; left > 0; left--) numbers.push(reader.unsigned());
  return numbers;
}
