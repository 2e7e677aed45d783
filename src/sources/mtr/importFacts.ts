import type { Family, ProbeProtocol } from '../../model/test.ts';
import type { LocalRunFacts } from './localRun.ts';
import type { RunDocument } from './runDocument.ts';
import { parseRunEnd, type RunEnd } from './runEnd.ts';
import { parseRunFileName } from './runFileName.ts';

/** What the user says of the runs that are taken in; null for nothing. It wins over the files. */
export interface ImportOptions {
  readonly source: string | null;
  readonly destination: string | null;
  /** Of the first run of each test, epoch seconds. */
  readonly startedAt: number | null;
  /** From one run of a test to the next, in files whose runs tell no time. */
  readonly intervalSeconds: number | null;
  readonly family: Family | null;
  readonly protocol: ProbeProtocol | null;
  readonly port: number | null;
  /** The measuring host where nothing else tells it. */
  readonly thisHost: string;
  /** Epoch seconds. Results from more than a day later are not believed. */
  readonly now: number;
}

/** A file that is taken in. */
export interface ImportFile {
  /** For messages; its last part may follow the pattern of `readFileName`. */
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Epoch seconds; null when the bytes come from elsewhere. */
  readonly modifiedAt: number | null;
}

/** Everything around a document: who measured, what, when. `isOwnTime`: the document itself tells when. */
export type FactsReader = (
  document: RunDocument,
) => LocalRunFacts & { readonly hasOwnTime: boolean };

/**
 * Who measured is told best by the user, then by the file's name, for documents hold only what a host calls itself. What was
 * measured and when is told best by the user, then by the document, then by the file's name; when, at last, by the
 * time of the file's last change.
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
  const fallback = named.startedAt ?? file.modifiedAt ?? options.now;
  return ({ tool, source, destination, destinationAddress, startedAt, packetBytes }) => {
    const hasOwnTime = options.startedAt === null && startedAt !== null;
    return {
      source: statedSource ?? parseRunEnd(source) ?? thisHost,
      destination:
        statedDestination ?? readTarget(destination, destinationAddress) ?? namedDestination,
      startedAt: options.startedAt ?? startedAt ?? fallback,
      hasOwnTime,
      family: options.family ?? 4,
      protocol: options.protocol ?? named.protocol ?? (tool === 'mtr' ? 'icmp' : 'udp'),
      port: options.port ?? named.port,
      packetBytes,
      label: null,
    };
  };
}

/** `localhost` is a target like any other. */
function readTarget(text: string | null, address: string | null): RunEnd | null {
  const name = text === 'localhost' ? { address, name: text } : null;
  return name ?? parseRunEnd(text, address);
}
