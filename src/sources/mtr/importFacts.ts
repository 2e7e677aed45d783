import type { Family } from '../../model/test.ts';
import type { RunDocument } from './document.ts';
import { type RunEnd, readEnd } from './endpoint.ts';
import { readFileName } from './fileName.ts';
import type { Protocol } from './localTest.ts';
import type { RunFacts } from './run.ts';

/** What the user says of the runs that are taken in; null for nothing. It wins over the files. */
export interface ImportOptions {
  readonly source: string | null;
  readonly destination: string | null;
  /** Of the first run of each test, epoch seconds. */
  readonly startedAt: number | null;
  /** From one run of a test to the next, in files whose runs tell no time. */
  readonly spacingSeconds: number | null;
  readonly family: Family | null;
  readonly protocol: Protocol | null;
  readonly port: number | null;
  /** The measuring host where nothing else tells it. */
  readonly thisHost: string;
  /** Epoch seconds. Results from more than a day later are not believed. */
  readonly now: number;
}

/** A file that is taken in. */
export interface RunFile {
  /** For messages; its last part may follow the pattern of `readFileName`. */
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Epoch seconds; null when the bytes come from elsewhere. */
  readonly modifiedAt: number | null;
}

/** Everything around a document: who measured, what, when. `isOwnTime`: the document itself tells when. */
export type FactsOf = (document: RunDocument) => RunFacts & { readonly isOwnTime: boolean };

/**
 * Who measured is told best by the user, then by the file's name, for documents hold only what a host calls itself. What was
 * measured and when is told best by the user, then by the document, then by the file's name; when, at last, by the
 * time of the file's last change.
 */
export function factsFor(file: RunFile, options: ImportOptions): FactsOf {
  const named = readFileName(file.name.replace(/^.*\//s, ''));
  const own = readEnd(options.source) ?? readEnd(named.source);
  const asked = readEnd(options.destination);
  const expected = readEnd(named.destination);
  const thisHost: RunEnd = readEnd(options.thisHost) ?? { address: null, name: options.thisHost };
  const fallback = named.startedAt ?? file.modifiedAt ?? options.now;
  return ({ tool, source, destination, destinationAddress, startedAt, packetBytes }) => {
    const isOwnTime = options.startedAt === null && startedAt !== null;
    return {
      source: own ?? readEnd(source) ?? thisHost,
      destination: asked ?? readTarget(destination, destinationAddress) ?? expected,
      startedAt: options.startedAt ?? startedAt ?? fallback,
      isOwnTime,
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
  return name ?? readEnd(text, address);
}
