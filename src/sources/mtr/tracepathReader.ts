import { maxTtl } from '../probeValues.ts';
import { parseHopHost } from './hopHost.ts';
import { createHopTally, type HopTally, type ProbeResponder } from './hopTally.ts';
import type { LinePiece } from './linePieces.ts';
import {
  blankRun,
  type DocumentReader,
  type DocumentSink,
  type FilePosition,
  type OutputFormat,
} from './runDocument.ts';
import { parseSummary, parseTracepathRow, type TracepathRow } from './tracepathRows.ts';

/**
 * The output of tracepath of iputils, without target and time, in any language. Old versions name
 * the measuring host.
 */
export const tracepathFormat: OutputFormat = {
  name: 'tracepath',
  recognizes: (text) => isFirstRow(parseTracepathRow(text)),
  open: createTracepathReader,
};

/** The first row has the MTU of the measuring host, which its kernel reports for ttl 1. */
function isFirstRow(row: TracepathRow | null): row is TracepathRow {
  return row !== null && row.ttl === 1 && row.mtu !== null;
}

const incomplete = 'incomplete tracepath output';
/** The beginning of a row, perhaps of a damaged one. */
const rowStart = /^\s*\d{1,3}\??:\s/;

/** The destination, if the output says only that it replied. */
const unnamed: ProbeResponder = { address: null, name: null, asn: null };

function createTracepathReader(sink: DocumentSink): DocumentReader {
  let start: FilePosition | null = null;
  const tallies = new Map<number, HopTally>();
  let newestTtl = 0;
  let mtu: number | null = null;
  let source: string | null = null;
  let target: ProbeResponder | null = null;
  let isReached = false;
  let isInterrupted = false;
  let isDamaged = false;
  let isSummarized = false;
  /** The summary counts the hops to the destination. */
  let hasHopCount = false;
  let isTranslated = false;

  function tallyOf(ttl: number): HopTally {
    const tally = tallies.get(ttl) ?? createHopTally(ttl);
    tallies.set(ttl, tally);
    return tally;
  }

  function addRow({ ttl, host, rttMs, error, ending, ...row }: TracepathRow): void {
    if (row.mtu !== null) {
      mtu = row.mtu;
      return;
    }
    const tally = tallyOf(ttl);
    const isLate = ttl < newestTtl;
    newestTtl = Math.max(newestTtl, ttl);
    if (row.isUnnamedReply) {
      tally.recordReply(unnamed, null);
      isReached = true;
      return;
    }
    if (host === null) {
      tally.recordLoss();
      return;
    }
    const { address, name } = parseHopHost(host);
    const responder = { address, name, asn: null };
    if (isLate) tally.recordLateReply(responder, rttMs);
    else tally.recordReply(responder, rttMs);
    tally.mtu = mtu;
    tally.error ??= error;
    if (ending === null) return;
    target = responder;
    isReached = true;
    isTranslated = ending !== 'reached';
  }

  function reportFault(fault: string, place: FilePosition): void {
    if (!isDamaged) sink.onFault(fault, place);
    isDamaged = true;
  }

  function readSummary(numbers: number): true {
    isSummarized = true;
    hasHopCount ||= numbers > 1;
    return true;
  }

  function readRow(row: TracepathRow, line: LinePiece): boolean {
    const startsAnew = isInterrupted || row.host?.startsWith('[') === true;
    const isNext = isFirstRow(row) && startsAnew && tallies.size > 0;
    if (isSummarized || isNext) return false;
    if (start === null && row.host?.startsWith('[') === false) source = row.host;
    start ??= placeOf(line);
    if (isInterrupted) reportFault('interrupted tracepath output', placeOf(line));
    addRow(row);
    return true;
  }

  return {
    readLine(line) {
      const numbers = start === null || isInterrupted ? null : parseSummary(line.text);
      if (numbers !== null) return readSummary(numbers);
      const row = parseTracepathRow(line.text);
      if (row !== null && row.ttl <= maxTtl) return readRow(row, line);
      if (isSummarized || !rowStart.test(line.text)) return false;
      reportFault(incomplete, placeOf(line));
      return true;
    },
    interrupt() {
      isInterrupted = true;
    },
    end() {
      if (start === null || isDamaged) return;
      const isEnded = isSummarized || (target !== null && !isTranslated);
      if (!isEnded || (isTranslated && !hasHopCount)) {
        sink.onFault(incomplete, start);
        return;
      }
      const rows = [...tallies.values()].map((tally) => tally.row());
      sink.onRun(
        {
          ...blankRun,
          tool: 'tracepath',
          source: source === null ? null : sourceOf(source),
          destination: target?.address ?? target?.name ?? null,
          destinationAddress: target?.address ?? null,
          hops: rows.sort((a, b) => a.ttl - b.ttl),
          reached: isReached,
          pathMtu: mtu,
        },
        start,
      );
    },
  };
}

function placeOf({ number, byte }: LinePiece): FilePosition {
  return { line: number, byte };
}

function sourceOf(text: string): string | null {
  const { address, name } = parseHopHost(text);
  return name ?? address;
}
