import type { LinePiece } from './linePieces.ts';

/** What one host answered at one ttl in a run; times in ms, null for what the tool does not tell. */
export interface HopAnswer {
  /** Canonical; null when the output has a name alone. */
  readonly address: string | null;
  readonly name: string | null;
  readonly asn: number | null;
  readonly received: number | null;
  readonly bestMs: number | null;
  readonly avgMs: number | null;
  readonly worstMs: number | null;
  /** As in `Spread` of the model. */
  readonly stdevMs: number | null;
  readonly jitterMs: number | null;
}

/** One ttl of a run; without answers it was silent. */
export interface HopRow {
  readonly ttl: number;
  /** Probes sent; null when the tool does not tell. */
  readonly sent: number | null;
  readonly answers: readonly HopAnswer[];
  /** Path MTU known at this ttl, bytes. */
  readonly mtu: number | null;
  /** ICMP error instead of time exceeded, in pScheduler's words. */
  readonly error: string | null;
}

export type TraceTool = 'mtr' | 'traceroute' | 'tracepath';

/** One run as a tool's output has it, with what the output tells of its circumstances; null for what it does not. */
export interface RunDocument {
  readonly tool: TraceTool;
  /** The measuring host, as written. */
  readonly source: string | null;
  /** What was asked for, as written, and its address where the output has both. */
  readonly destination: string | null;
  readonly destinationAddress: string | null;
  /** Epoch seconds. */
  readonly startedAt: number | null;
  /** Ascending in ttl, each ttl once. */
  readonly hops: readonly HopRow[];
  /** Whether the destination answered, where the output says so outright. */
  readonly reached: boolean | null;
  /** Smallest MTU of the path, bytes. */
  readonly pathMtu: number | null;
  /** Length of a probe, as written. */
  readonly packetBytes: string | null;
}

/** Where in a file something is: line from 1, byte from 0. */
export interface FilePosition {
  readonly line: number;
  readonly byte: number;
}

/** Takes what a reader finds. */
export interface DocumentSink {
  onRun(run: RunDocument, place: FilePosition): void;
  /** A document that cannot be used, and what is wrong with it. */
  onFault(message: string, place: FilePosition): void;
}

/** Gives a sink what reading a document brought: the run, or a sentence about what is wrong with it. */
export function deliver(run: RunDocument | string, place: FilePosition, sink: DocumentSink): void {
  if (typeof run === 'string') sink.onFault(run, place);
  else sink.onRun(run, place);
}

/** Reads the lines of documents of one format. */
export interface DocumentReader {
  /** Takes the next line; false when it belongs to no document of this reader, which is thereby at its end. */
  readLine(line: LinePiece): boolean;
  /** There are no more lines for this reader. */
  end(): void;
}

/** A form of output. */
export interface OutputFormat {
  /** Whether a document of this form begins with this line. */
  recognizes(text: string): boolean;
  open(sink: DocumentSink): DocumentReader;
}

/** Largest ttl there is. */
export const maxTtl = 255;

/** Hosts of one hop that are kept; mtr itself keeps no more. */
export const maxHosts = 128;

/** Rows of one run that are read: a few hosts at every ttl. */
export const maxRows = 4096;
