import type { Probes, Trace } from '../../model/trace/trace.ts';
import { ByteReader, type ByteWriter, CorruptionError } from '../db/bytes.ts';
import {
  packNamed,
  packSpread,
  packTimes,
  unpackNamed,
  unpackSpread,
  unpackTimes,
} from './packedTimes.ts';

/**
 * A trace with its route as `R`: the stored number within a chunk, the route itself for a reader.
 */
export type TraceWithRoute<R> = Omit<Trace, 'route'> & { readonly route: R };

/**
 * A chunk of traces. All numbers are written by `ByteWriter.writeUnsigned`:
 *   format, number of traces, then for each trace, ascending in time,
 *   start in ms since the previous trace (the first: since the epoch), route number,
 *   in format 1: 2 x number of round-trip times + (1 with probe counts),
 *   in format 2: 8 x number of round-trip times + (1 with probe counts) + (2 with their spread)
 *     + (4 with named answers),
 *   the times as `packTimes` writes them,
 *   [number of hops, probes sent per hop, replies received per time, [spread]], [named answers].
 * A chunk without spread and named answers has format 1, which is shorter.
 */
const plainFormat = 1;
const fullFormat = 2;

const hasProbes = 1;
const hasSpread = 2;
const hasNamed = 4;

/** Packs traces, ascending. Starts have a resolution of 1 ms, round-trip times one of 1 µs. */
export function packTraces(
  traces: readonly TraceWithRoute<number>[],
  writer: ByteWriter,
): Uint8Array {
  const format = chooseFormat(traces);
  writer.clear();
  writer.writeUnsigned(format);
  writer.writeUnsigned(traces.length);
  packEach(traces, 0, format, writer);
  return writer.takeBytes();
}

/**
 * Adds traces, in any order, to a chunk (null: a new one); the result equals `packTraces` of all of
 * them. `starts`: what `readStarts` returns for the chunk. If all added traces are newer, as usual,
 * the existing bytes are copied.
 */
export function extendTraces(
  body: Uint8Array | null,
  starts: readonly number[],
  added: readonly TraceWithRoute<number>[],
  writer: ByteWriter,
): Uint8Array {
  const more = added.toSorted((a, b) => a.startedAt - b.startedAt);
  if (body === null) return packTraces(more, writer);
  const reader = new ByteReader(body);
  const format = reader.readUnsigned();
  const newest = starts.at(-1) ?? 0;
  if (startMs(more[0]?.startedAt ?? 0) <= newest || chooseFormat(more) > format) {
    const all = [...unpackTraces(body, (route) => route), ...more];
    return packTraces(
      all.sort((a, b) => a.startedAt - b.startedAt),
      writer,
    );
  }
  reader.skipNumbers(1);
  writer.clear();
  writer.writeUnsigned(format);
  writer.writeUnsigned(starts.length + more.length);
  writer.writeRaw(reader.readRest());
  packEach(more, newest, format, writer);
  return writer.takeBytes();
}

/** Packs traces, ascending, the first relative to a start in ms. */
function packEach(
  traces: readonly TraceWithRoute<number>[],
  after: number,
  format: number,
  writer: ByteWriter,
): void {
  let before = after;
  for (const trace of traces) {
    const at = startMs(trace.startedAt);
    writer.writeUnsigned(at - before);
    before = at;
    writer.writeUnsigned(trace.route);
    writer.writeUnsigned(flagFactor(format) * trace.rttMs.length + flagsOf(trace));
    packTimes(trace.rttMs, writer);
    if (trace.probes !== null) packProbes(trace.probes, trace.rttMs.length, writer);
    if (trace.named !== undefined) packNamed(trace.named, writer);
  }
}

function chooseFormat(traces: readonly TraceWithRoute<number>[]): number {
  return traces.some(needsFullFormat) ? fullFormat : plainFormat;
}

function needsFullFormat({ probes, named }: TraceWithRoute<number>): boolean {
  return named !== undefined || probes?.spread !== undefined;
}

/** The factor of the number of times, which leaves room for the flags. */
function flagFactor(format: number): number {
  return format === plainFormat ? 2 : 8;
}

function flagsOf({ probes, named }: TraceWithRoute<number>): number {
  const spread = probes?.spread === undefined ? 0 : hasSpread;
  return (probes === null ? 0 : hasProbes) | spread | (named === undefined ? 0 : hasNamed);
}

/** Start of a trace in whole ms, which identifies a trace of a test. */
export function startMs(startedAt: number): number {
  return Math.round(startedAt * 1000);
}

function packProbes(probes: Probes, times: number, writer: ByteWriter): void {
  if (probes.received.length !== times)
    throw new Error('the received probes and the times differ in length');
  writer.writeUnsigned(probes.sent.length);
  for (const sent of probes.sent) writer.writeUnsigned(sent);
  for (const received of probes.received) writer.writeUnsigned(received);
  if (probes.spread !== undefined) packSpread(probes.spread, times, writer);
}

/**
 * Unpacks the traces of a chunk that started at or after `fromMs`. `routeOf` maps the stored number
 * of a route to what the caller needs. Throws `CorruptionError`.
 */
export function unpackTraces<R>(
  body: Uint8Array,
  routeOf: (number: number) => R,
  fromMs = 0,
): TraceWithRoute<R>[] {
  const reader = new ByteReader(body);
  const factor = flagFactor(readFormat(reader));
  const traces: TraceWithRoute<R>[] = [];
  let at = 0;
  for (let remaining = reader.readCount(); remaining > 0; remaining--) {
    at += reader.readUnsigned();
    if (at < fromMs) {
      skipTrace(reader, factor);
      continue;
    }
    const route = routeOf(reader.readUnsigned());
    const packed = reader.readUnsigned();
    const times = Math.floor(packed / factor);
    const flags = packed % factor;
    if (times > reader.remaining) throw new CorruptionError('a trace is longer than its chunk');
    const rttMs = unpackTimes(reader, times);
    const probes = flags & hasProbes ? unpackProbes(reader, times, flags) : null;
    const trace = { startedAt: at / 1000, route, rttMs, probes };
    traces.push(flags & hasNamed ? { ...trace, named: unpackNamed(reader) } : trace);
  }
  return traces;
}

/**
 * Returns the starts of a chunk, ascending, in ms, without unpacking the rest. Throws
 * `CorruptionError`.
 */
export function readStarts(body: Uint8Array): number[] {
  const reader = new ByteReader(body);
  const factor = flagFactor(readFormat(reader));
  const starts: number[] = [];
  let at = 0;
  for (let remaining = reader.readCount(); remaining > 0; remaining--) {
    at += reader.readUnsigned();
    starts.push(at);
    skipTrace(reader, factor);
  }
  return starts;
}

/** Skips what follows the start of a trace. */
function skipTrace(reader: ByteReader, factor: number): void {
  reader.skipNumbers(1);
  const packed = reader.readUnsigned();
  const times = Math.floor(packed / factor);
  const flags = packed % factor;
  reader.skipNumbers(times);
  if (flags & hasProbes)
    reader.skipNumbers(reader.readCount() + times * (flags & hasSpread ? 5 : 1));
  if (flags & hasNamed) unpackNamed(reader);
}

function readFormat(reader: ByteReader): number {
  const format = reader.readUnsigned();
  if (format === plainFormat || format === fullFormat) return format;
  throw new CorruptionError(`traces in unknown format ${format}`);
}

function unpackProbes(reader: ByteReader, times: number, flags: number): Probes {
  const sent = unpackNumbers(reader, reader.readCount());
  const received = unpackNumbers(reader, times);
  return flags & hasSpread
    ? { sent, received, spread: unpackSpread(reader, times) }
    : { sent, received };
}

function unpackNumbers(reader: ByteReader, length: number): number[] {
  const numbers: number[] = [];
  for (let remaining = length; remaining > 0; remaining--) numbers.push(reader.readUnsigned());
  return numbers;
}
