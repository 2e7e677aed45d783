import { maxTtl, responderAddress, roundTripMs } from '../probeValues.ts';
import { nameOf } from './hopHost.ts';
import { createRawRounds } from './rawRounds.ts';
import { createReplyTimes, type ReplyTimes } from './replyTimes.ts';
import {
  blankRun,
  type DocumentReader,
  type DocumentSink,
  type FilePosition,
  type HopAnswer,
  type HopRow,
  maxHosts,
  type OutputFormat,
  type RunDocument,
} from './runDocument.ts';

/** `mtr --raw`: a line for each probe and each reply, without source, target and time. */
export const rawFormat: OutputFormat = {
  name: 'mtr --raw',
  recognizes: (text) => rawLine.test(text),
  open: createRawReader,
};

const rawLine = /^([xhpdmt]) (\d{1,3}) (\S+)(?: (.*))?$/;

/** mtr counts its probes up to this number, then wraps. */
const lastSequence = 65_535;

const invalidLine = 'invalid line of raw output';
const severalTargets = 'raw output, perhaps of several targets, whose runs mtr does not separate';

/** The parts of a line, without its ttl. */
interface RawLine {
  readonly kind: string;
  readonly value: string;
  readonly rest: string;
}

interface RawHost {
  readonly address: string;
  readonly times: ReplyTimes;
  name: string | null;
  hasReplied: boolean;
}

/** Probes and replies of one ttl. */
interface RawHop {
  sent: number;
  readonly hosts: RawHost[];
  /** The host named last, to which the next replies belong. */
  current: RawHost | null;
}

function createRawReader(sink: DocumentSink): DocumentReader {
  let hops: RawHop[] = [];
  let rounds = createRawRounds();
  let start: FilePosition | null = null;
  let sequence = -1;
  let isDamaged = false;
  let isInterrupted = false;

  function finish(): void {
    if (start !== null && rounds.mayHaveSeveralTargets()) reportFault(severalTargets, start);
    if (start !== null && !isDamaged) sink.onRun(runOf(hops), start);
    hops = [];
    rounds = createRawRounds();
    start = null;
    sequence = -1;
    isDamaged = false;
  }

  function hopAt(position: number): RawHop {
    const hop = hops[position] ?? { sent: 0, hosts: [], current: null };
    hops[position] = hop;
    return hop;
  }

  function reportFault(fault: string, place: FilePosition): void {
    if (!isDamaged) sink.onFault(fault, place);
    isDamaged = true;
  }

  function applyAt(position: number, line: RawLine, place: FilePosition): void {
    if (position >= maxTtl) {
      reportFault(invalidLine, place);
      return;
    }
    const hop = hopAt(position);
    if (line.kind === 'h' && isAnnouncedAgain(hop, line.value)) reportFault(severalTargets, place);
    else if (applyLine(hop, line)) countRound(position, line);
    else reportFault(invalidLine, place);
  }

  function countRound(position: number, { kind, value, rest }: RawLine): void {
    if (kind === 'x') rounds.probe(position, value);
    if (kind === 'h') rounds.announce(position);
    if (kind === 'p') rounds.reply(position, rest);
  }

  return {
    readLine({ text, number, byte, endsLine }) {
      const [, kind, position, value = '', rest = ''] = rawLine.exec(text) ?? [];
      if (kind === undefined) return false;
      const startsRun = kind === 'x' && startsNewRun(Number(value), sequence);
      if (startsRun) finish();
      if (startsRun && isInterrupted) return false;
      const place = { line: number, byte };
      start ??= place;
      if (kind === 'x') sequence = Number(value);
      if (isInterrupted) reportFault('interrupted raw output', place);
      // A line that the end of the file cuts may have half a number.
      if (endsLine) applyAt(Number(position), { kind, value, rest }, place);
      return true;
    },
    interrupt() {
      isInterrupted = true;
    },
    end: finish,
  };
}

/** Every run of mtr counts its probes from the same number. */
function startsNewRun(value: number, before: number): boolean {
  return before >= 0 && value <= before && before !== lastSequence;
}

/** Applies a line to its hop. False if mtr does not write such lines. */
function applyLine(hop: RawHop, { kind, value, rest }: RawLine): boolean {
  if (kind === 'x') {
    hop.sent += 1;
    return /^\d+$/.test(value);
  }
  if (kind === 'h') return applyHost(hop, value);
  if (kind === 'p') {
    if (hop.current === null || !/^\d+$/.test(value)) return false;
    hop.current.hasReplied = true;
    hop.current.times.add(roundTripMs(Number(value) / 1000));
    return true;
  }
  if (kind === 'd' && hop.current !== null) hop.current.name = nameOf(`${value} ${rest}`);
  return true;
}

/**
 * mtr names a host when it is new at its ttl, or replies after another one. For the next target of
 * the same command, it starts anew, but counts its probes on.
 */
function isAnnouncedAgain({ current }: RawHop, text: string): boolean {
  return current?.hasReplied === true && current.address === responderAddress(text);
}

function applyHost(hop: RawHop, text: string): boolean {
  const address = responderAddress(text);
  if (address === null) return false;
  hop.current = hop.hosts.find((host) => host.address === address) ?? null;
  if (hop.current !== null) return true;
  hop.current = { address, times: createReplyTimes(), name: null, hasReplied: false };
  if (hop.hosts.length < maxHosts) hop.hosts.push(hop.current);
  return true;
}

function runOf(rawHops: readonly RawHop[]): RunDocument {
  const hops = rawHops.flatMap((hop, position): HopRow[] =>
    hop === undefined ? [] : [rowOf(hop, position + 1)],
  );
  return { ...blankRun, tool: 'mtr', hops };
}

/**
 * mtr names a host right before its reply, so one without a reply is a cut line.
 * Output without `x` lines does not report lost probes. Output without its beginning has more
 * replies than probes.
 */
function rowOf({ sent, hosts }: RawHop, ttl: number): HopRow {
  const answers = hosts
    .filter(({ hasReplied }) => hasReplied)
    .map(({ address, name, times }): HopAnswer => {
      return { address, name, asn: null, ...times.summary() };
    });
  const replies = answers.reduce((sum, { received }) => sum + (received ?? 0), 0);
  return {
    ttl,
    sent: sent === 0 ? null : Math.max(sent, replies),
    answers,
    mtu: null,
    error: null,
  };
}
