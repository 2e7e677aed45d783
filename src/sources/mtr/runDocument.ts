import type { ProbeProtocol } from '../../model/test/test.ts';
import type { LinePiece } from './linePieces.ts';

/**
 * The replies of one host at one ttl. Times are in ms; null for values that the tool does not
 * report.
 */
export interface HopAnswer {
  /** Canonical; null if the output has only a name. */
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

/** One ttl of a run; silent without answers. */
export interface HopRow {
  readonly ttl: number;
  /** Probes sent; null if the tool does not report them. */
  readonly sent: number | null;
  readonly answers: readonly HopAnswer[];
  /** Path MTU up to this ttl, bytes. */
  readonly mtu: number | null;
  /** ICMP error other than time exceeded, in pScheduler's words. */
  readonly error: string | null;
}

/** Every program whose runs can be imported. */
export const traceTools = [
  'mtr',
  'traceroute',
  'tracepath',
  'paris-traceroute',
  'dublin-traceroute',
  'scamper',
  'ripe-atlas',
  'globalping',
  'trippy',
  'nexttrace',
] as const;
export type TraceTool = (typeof traceTools)[number];

/** One run as the output of a tool reports it; null for values that the output lacks. */
export interface RunDocument {
  readonly tool: TraceTool;
  /** Absent: that of the reader. */
  readonly format?: string;
  /** The measuring host, as written. */
  readonly source: string | null;
  /** The target as written, and its address if the output has both. */
  readonly destination: string | null;
  readonly destinationAddress: string | null;
  /** Epoch seconds. */
  readonly startedAt: number | null;
  /** Ascending in ttl, each ttl once. */
  readonly hops: readonly HopRow[];
  /** Whether the destination answered, if the output states it. */
  readonly reached: boolean | null;
  /**
   * The output is known to be complete only if it ends at the destination that the user names.
   */
  readonly mayBeCut: boolean;
  /** Smallest MTU of the route, bytes. */
  readonly pathMtu: number | null;
  /** Length of a probe, as written. */
  readonly packetBytes: string | null;
  readonly protocol: ProbeProtocol | null;
}

/** The values that most outputs lack. */
export const blankRun: Omit<RunDocument, 'tool' | 'hops'> = {
  source: null,
  destination: null,
  destinationAddress: null,
  startedAt: null,
  reached: null,
  mayBeCut: false,
  pathMtu: null,
  packetBytes: null,
  protocol: null,
};

/** A position in a file: line from 1, byte from 0. */
export interface FilePosition {
  readonly line: number;
  readonly byte: number;
  /** Earlier lines that the document there requires: its time, and the titles of its columns. */
  readonly context?: readonly string[];
  /** The name of the document's format. */
  readonly format?: string;
}

/** Receives the results of a reader. */
export interface DocumentSink {
  onRun(run: RunDocument, place: FilePosition): void;
  /**
   * A document that cannot be used: a noun phrase that names it and its fault. `detail`: words of
   * it.
   */
  onFault(message: string, place: FilePosition, detail?: string): void;
  /** A line with a time follows, which is later than all runs so far. */
  onTimeLine(): void;
}

/** Passes a run or a fault to a sink. */
export function deliver(run: RunDocument | string, place: FilePosition, sink: DocumentSink): void {
  if (typeof run === 'string') sink.onFault(run, place);
  else sink.onRun(run, place);
}

/** Reads the lines of documents of one format. */
export interface DocumentReader {
  /**
   * Reads the next line. False if it is not part of the reader's document, which ends the reader.
   */
  readLine(line: LinePiece): boolean;
  /**
   * A line that is not part of a document follows. The reader reads no further document, and a
   * further line of the last one invalidates it.
   */
  interrupt(): void;
  /** Ends the last document. */
  end(): void;
}

/** An output format. */
export interface OutputFormat {
  /** The command that writes it. */
  readonly name: string;
  /** Whether a document of this format may begin with this line. */
  recognizes(text: string): boolean;
  open(sink: DocumentSink): DocumentReader;
}

/** Most hosts of one hop; mtr itself has the same limit. */
export const maxHosts = 128;

/** Most rows of one run: a few hosts at every ttl. */
export const maxRows = 4096;
