import { maxTtl, roundTripMs } from '../probeValues.ts';
import { parseHopHost } from './hopHost.ts';
import { createHopTally, type HopTally, type ProbeResponder } from './hopTally.ts';
import { parseErrorMark } from './icmpErrors.ts';
import {
  blankRun,
  type DocumentReader,
  type DocumentSink,
  type FilePosition,
  type OutputFormat,
} from './runDocument.ts';

/**
 * The output of tracepath of iputils, without target and time. Old versions name the measuring
 * host.
 */
export const tracepathFormat: OutputFormat = {
  recognizes: (text) => rowPattern.test(text),
  open: createTracepathReader,
};

const rowPattern = /^\s*(\d{1,3})(\?)?:\s+(\S.*?)\s*$/;
const answerPattern = /^(.*?)\s+(\d+(?:[.,]\d+)?)ms\b\s*(.*)$/;

function createTracepathReader(sink: DocumentSink): DocumentReader {
  let start: FilePosition | null = null;
  let tallies: HopTally[] = [];
  let mtu: number | null = null;
  let source: string | null = null;
  let target: ProbeResponder | null = null;
  let isComplete = false;

  function tallyOf(ttl: number): HopTally {
    const last = tallies.at(-1);
    if (last?.ttl === ttl) return last;
    const tally = createHopTally(ttl);
    tallies.push(tally);
    return tally;
  }

  /** A line with a new MTU comes from a later router that rejected the probe, not from this ttl. */
  function addRow(ttl: number, isFirst: boolean, text: string): void {
    const [, host = '', time = '', notes = text] = answerPattern.exec(text) ?? [];
    const found = /\bpmtu (\d{2,5})\b/.exec(notes)?.[1];
    if (found !== undefined) {
      mtu = Number(found);
      if (isFirst && host !== '' && !host.startsWith('[')) source = host;
      return;
    }
    const tally = tallyOf(ttl);
    if (host === '') {
      tally.recordLoss();
      return;
    }
    const { address, name } = parseHopHost(host);
    const responder = { address, name, asn: null };
    tally.recordReply(responder, roundTripMs(Number(time.replace(',', '.'))));
    tally.mtu = mtu;
    const mark = /(?:^|\s)(![A-Z0-9]*)/.exec(notes)?.[1];
    if (mark !== undefined) tally.error ??= parseErrorMark(mark);
    if (/\breached\b/.test(notes)) target = responder;
  }

  return {
    readLine({ text, number, byte }) {
      if (isComplete) return false;
      if (/^\s+(Too many hops|Resume):/.test(text)) {
        isComplete = text.includes('Resume:');
        return start !== null;
      }
      const [, digits, unsure, rest = ''] = rowPattern.exec(text) ?? [];
      const ttl = Number(digits);
      const isFirst = start === null;
      const isContinued = isFirst || (unsure === undefined && ttl >= (tallies.at(-1)?.ttl ?? 1));
      if (digits === undefined || !isContinued || ttl < 1 || ttl > maxTtl) return false;
      start ??= { line: number, byte };
      addRow(ttl, isFirst, rest);
      return true;
    },
    end() {
      if (start === null) return;
      const isEnded = isComplete || target !== null;
      if (!isEnded) sink.onFault('incomplete tracepath output', start);
      else
        sink.onRun(
          {
            ...blankRun,
            tool: 'tracepath',
            source: source === null ? null : sourceOf(source),
            destination: target?.address ?? target?.name ?? null,
            destinationAddress: target?.address ?? null,
            hops: tallies.map((tally) => tally.row()),
            reached: target !== null,
            pathMtu: mtu,
          },
          start,
        );
      tallies = [];
      start = null;
    },
  };
}

function sourceOf(text: string): string | null {
  const { address, name } = parseHopHost(text);
  return name ?? address;
}
