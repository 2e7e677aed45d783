import { maxTtl } from '../probeValues.ts';
import { pathMtuOf } from '../results/resultFormat.ts';
import { createHopTally, type HopTally } from './hopTally.ts';
import type { LinePiece } from './linePieces.ts';
import { isProbeNote, readProbes } from './probeWords.ts';
import {
  blankRun,
  type DocumentReader,
  type DocumentSink,
  type FilePosition,
  type HopRow,
  type OutputFormat,
  type RunDocument,
} from './runDocument.ts';
import {
  isBelowHeading,
  parseTracerouteHeading,
  type TracerouteHeading,
} from './tracerouteHeading.ts';

/**
 * The output of Linux traceroute, and of programs and routers with similar rows. BSD writes the
 * heading to standard error, so a file may lack it.
 */
export const tracerouteFormat: OutputFormat = {
  name: 'traceroute',
  recognizes: (text) => parseTracerouteHeading(text) !== null || isFirstRow(text),
  open: createTracerouteReader,
};

/** The run in the output of one traceroute, or its fault. */
export function readTraceroute(output: string): RunDocument | string {
  let run: RunDocument | string = 'no traceroute output';
  const keep = (value: RunDocument | string) => {
    run = value;
  };
  const reader = createTracerouteReader({ onRun: keep, onFault: keep, onTimeLine() {} });
  for (const [index, text] of output.trimEnd().split('\n').entries()) {
    const line = { text, number: index + 1, byte: 0, startsLine: true, endsLine: true };
    if (!reader.readLine(line)) return 'foreign line in traceroute output';
  }
  reader.end();
  return run;
}

const rowPattern = /^\s*(\d{1,3})(?:\s+(.*))?$/;

/** A row of the first ttl with an answer or a lost probe, where no heading precedes it. */
function isFirstRow(text: string): boolean {
  const rest = /^\s*1\s+(\S.*)$/.exec(text)?.[1];
  return rest !== undefined && readProbes(rest, createHopTally(1));
}

function createTracerouteReader(sink: DocumentSink): DocumentReader {
  let start: FilePosition | null = null;
  let heading: TracerouteHeading | null = null;
  let isInterrupted = false;
  let isDamaged = false;
  const tallies: HopTally[] = [];

  function reportFault(line: LinePiece): true {
    const place = { line: line.number, byte: line.byte };
    if (!isDamaged) sink.onFault('incomplete line of traceroute', place);
    isDamaged = true;
    return true;
  }

  function addRow(line: LinePiece, ttl: number, rest: string): boolean {
    const before = tallies.at(-1)?.ttl ?? 0;
    if (heading === null && ttl === 1 && before > 0) return false;
    const tally = createHopTally(ttl);
    tallies.push(tally);
    const isNext = ttl > before && ttl <= maxTtl && !isInterrupted;
    return (isNext && readProbes(rest, tally)) || reportFault(line);
  }

  return {
    readLine(line) {
      const { text } = line;
      if (start === null) {
        start = { line: line.number, byte: line.byte };
        heading = parseTracerouteHeading(text);
        if (heading !== null) return true;
      }
      const [, number, rest = ''] = rowPattern.exec(text) ?? [];
      if (number !== undefined) return addRow(line, Number(number), rest);
      if (heading !== null && tallies.length === 0 && isBelowHeading(text)) return true;
      // Some programs print every further host of a hop on its own line.
      const before = tallies.at(-1);
      if (before === undefined || !/^\s{3,}\S/.test(text)) return false;
      if (isProbeNote(text)) return true;
      return (!isInterrupted && readProbes(text, before)) || reportFault(line);
    },
    interrupt() {
      isInterrupted = true;
    },
    end() {
      if (start === null || isDamaged) return;
      const hops = tallies.map((tally) => tally.row());
      if (heading !== null && !isEnded(hops.at(-1), heading)) {
        sink.onFault('incomplete traceroute output', start);
        return;
      }
      const { maxHops, ...facts } = heading ?? unknownHeading;
      sink.onRun(
        {
          ...blankRun,
          ...facts,
          hops,
          ...(heading === null ? withoutHeading(hops.at(-1)) : {}),
          pathMtu: pathMtuOf(hops),
        },
        start,
      );
    },
  };
}

const unknownHeading = { tool: 'traceroute', protocol: null, maxHops: 0 } as const;

/** Largest ttl of Linux and of BSD, unless the user gives another one. */
const usualMaxHops = [30, 64];

/** Only a heading has the destination, so an output without it may lack its end too. */
function withoutHeading(last: HopRow | undefined): Pick<RunDocument, 'reached' | 'mayBeCut'> {
  const isEnd = last !== undefined && (last.error !== null || usualMaxHops.includes(last.ttl));
  return { reached: false, mayBeCut: !isEnd };
}

/**
 * Whether the output is complete: traceroute stops at the destination, at an ICMP error, or at the
 * largest ttl.
 */
function isEnded(
  last: HopRow | undefined,
  { maxHops, destinationAddress }: TracerouteHeading,
): boolean {
  if (last === undefined) return false;
  const isEnd = last.answers.some(
    ({ address }) => address === null || address === destinationAddress,
  );
  const isKnown = isEnd || last.error !== null || destinationAddress === null;
  return isKnown || last.ttl >= maxHops;
}
