import type { Family, ProbeProtocol } from '../../model/test/test.ts';
import type { FileResume } from '../types.ts';
import type { LocalRun, LocalRunFacts } from './localRun.ts';
import type { FilePosition, RunDocument } from './runDocument.ts';
import { parseRunEnd, type RunEnd } from './runEnd.ts';
import { parseRunFileName } from './runFileName.ts';

/** Facts about the imported runs that the user gave, which override the files; null for unknown. */
export interface ImportOptions {
  readonly source: string | null;
  readonly destination: string | null;
  /** Start of the first run of each test, epoch seconds. */
  readonly startedAt: number | null;
  /** Time from one run of a test to the next, for runs without a time. */
  readonly intervalSeconds: number | null;
  readonly family: Family | null;
  readonly protocol: ProbeProtocol | null;
  readonly port: number | null;
  /** The measuring host, if nothing else names it. */
  readonly thisHost: string;
  /** Epoch seconds. Later results are rejected. */
  readonly now: number;
  /** Receives every run that is imported. */
  readonly onRun?: (run: LocalRun, place: FilePosition, timedRun: TimedRun) => void;
}

/** A file to import. */
export interface ImportFile {
  /** Its last part may follow the pattern of `parseRunFileName`. */
  readonly name: string;
  /** Stands for the name in messages; absent if the name is that of an operator. */
  readonly label?: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Epoch seconds; null if the bytes are not from a file. */
  readonly modifiedAt: number | null;
  /** The state of an earlier import; `chunks` begin there. Absent for a whole file. */
  readonly resume?: FileResume | null;
}

/** The run that starts at a time: that of the document, or the first or last of its test. */
export type TimedRun = 'own' | 'first' | 'last';

/** Finds the source, target and time of a document. */
export type FactsReader = (
  document: RunDocument,
) => LocalRunFacts & { readonly timedRun: TimedRun };

/**
 * For the source, the user counts first, then the name of the file: documents have only the host's
 * own name for itself. For target and time, the user counts first, then the document, then the name
 * of the file. The user and the name of the file state the time of the first run. The last resort
 * is the file's last change, which is the time of the last run.
 */
export function createFactsReader(file: ImportFile, options: ImportOptions): FactsReader {
  const named = parseRunFileName(file.name.replace(/^.*\//s, ''));
  const statedSource = parseRunEnd(options.source) ?? parseRunEnd(named.source);
  const statedDestination = parseRunEnd(options.destination);
  const namedDestination = parseRunEnd(named.destination);
  const thisHost: RunEnd = parseRunEnd(options.thisHost) ?? {
    address: null,
    name: options.thisHost,
  };
  const first = options.startedAt ?? named.startedAt;
  const last = file.modifiedAt ?? options.now;
  return (document) => {
    const { tool, source, destination, destinationAddress, startedAt, packetBytes } = document;
    const ownTime = options.startedAt === null ? startedAt : null;
    return {
      source: statedSource ?? parseRunEnd(source) ?? thisHost,
      destination:
        statedDestination ?? readTarget(destination, destinationAddress) ?? namedDestination,
      startedAt: ownTime ?? first ?? last,
      timedRun: ownTime !== null ? 'own' : first !== null ? 'first' : 'last',
      family: options.family ?? 4,
      protocol:
        options.protocol ??
        document.protocol ??
        named.protocol ??
        (tool === 'mtr' ? 'icmp' : 'udp'),
      port: options.port ?? named.port,
      packetBytes,
      label: null,
    };
  };
}

/** `localhost` is a valid target. */
function readTarget(text: string | null, address: string | null): RunEnd | null {
  const name = text === 'localhost' ? { address, name: text } : null;
  return name ?? parseRunEnd(text, address);
}
