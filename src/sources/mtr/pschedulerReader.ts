import { icmpErrorOf, maxTtl, mtuOf, roundTripMs } from '../probeValues.ts';
import { isoSeconds, pathMtuOf, protocolOf } from '../results/resultFormat.ts';
import { parseResponder } from './hopHost.ts';
import { createHopTally, type HopTally } from './hopTally.ts';
import type { LinePiece } from './linePieces.ts';
import {
  blankRun,
  type DocumentReader,
  type DocumentSink,
  type FilePosition,
  type OutputFormat,
  type RunDocument,
  type TraceTool,
  traceTools,
} from './runDocument.ts';

/** The text that `pscheduler task trace` and `pscheduler result` print. */
export const pschedulerTextFormat: OutputFormat = {
  name: 'pscheduler task trace',
  recognizes: (text) => preamble.test(text) || resultHeading.test(text) || /^1\t/.test(text),
  open: createPschedulerReader,
};

/** Lines before the first result, and between two results. */
const preamble =
  /^(?:Submitt(?:ing|ed) task|Task URL:|Fetching |Next scheduled run:|Running with tool |Starts |Ends |Waiting for |No further runs|https?:\/\/\S+\/pscheduler\/tasks\/)/;
/** First line of `pscheduler result`: time, measuring host and tool. */
const resultHeading = /^(\d{4}-\d\d-\d\dT\S+) on (\S+?),? (?:and \S+ )?with (\S+):$/;
/** The command that repeats the test. A long one continues in indented lines. */
const commandLine = /^trace(?: |$)/;
const row = /^(\d{1,3})\s+(\S.*)$/;
const answer =
  /^(?:No Response|(\S+) \(([^()]*)\)|(\S+))(?:\s+AS(\d+))?(?:\s+(\d+(?:\.\d+)?) ms)?(?:\s+mtu (\d+) bytes)?(?:\s+([a-z]+(?:-[a-z]+)*))?$/;

type RunHead = Pick<
  RunDocument,
  'tool' | 'source' | 'destination' | 'startedAt' | 'protocol' | 'packetBytes'
>;

const blankHead: RunHead = { ...blankRun, tool: 'traceroute' };

function createPschedulerReader(sink: DocumentSink): DocumentReader {
  let head = blankHead;
  let start: FilePosition | null = null;
  let fault: string | null = null;
  let isCommand = false;
  let isInterrupted = false;
  let tallies: HopTally[] = [];
  let last: HopTally | null = null;

  /** Ends the run, if one began. The tool and the source hold for the next run too. */
  function endRun(): void {
    const hops = tallies.map((tally) => tally.row());
    if (start !== null && fault !== null) sink.onFault(fault, start);
    else if (start !== null && hops.length > 0) {
      sink.onRun({ ...blankRun, ...head, hops, pathMtu: pathMtuOf(hops) }, start);
    }
    start = null;
    fault = null;
    tallies = [];
    last = null;
  }

  function readPreamble(text: string): void {
    if (tallies.length > 0 || fault !== null) {
      endRun();
      head = { ...head, startedAt: null };
    }
    const tool = /^Running with tool '([^']+)'/.exec(text)?.[1];
    const startedAt = /^Starts (\S+)/.exec(text)?.[1];
    const source = /^https?:\/\/([^/:\s]+)/.exec(text)?.[1];
    if (tool !== undefined) head = { ...head, tool: toolNamed(tool) };
    if (startedAt !== undefined) head = { ...head, startedAt: isoSeconds(startedAt) };
    if (source !== undefined) head = { ...head, source };
  }

  function readHeading([, time, source, tool = '']: RegExpExecArray): void {
    endRun();
    const startedAt = isoSeconds(time);
    head = { ...blankHead, tool: toolNamed(tool), source: source ?? null, startedAt };
  }

  function readCommand(text: string): void {
    isCommand = true;
    head = { ...head, ...optionsOf(text, head) };
  }

  function addRow(ttl: number, text: string): void {
    // Several paths of one run each begin at the first ttl.
    const isNext = ttl === (last?.ttl ?? 0) + 1 || ttl === 1;
    last = tallies.find((tally) => tally.ttl === ttl) ?? null;
    if (last === null && ttl >= 1 && ttl <= maxTtl) {
      last = createHopTally(ttl);
      tallies.push(last);
    }
    if (isInterrupted || !isNext || last === null || !addAnswer(text, last)) {
      fault ??= 'incomplete result of pscheduler';
    }
  }

  /** Reads a line of a result. False if it belongs to none. */
  function readResult(text: string): boolean {
    const [, ttl, rest = ''] = row.exec(text) ?? [];
    if (ttl !== undefined) addRow(Number(ttl), rest);
    else if (text === 'Test failed.') fault = 'result of a run that failed';
    else return text.trim() === '' || /^Path \d+:$/.test(text) || isNote(text);
    return true;
  }

  /** The owner of an address, and its AS number, are in a line behind the hop. */
  function isNote(text: string): boolean {
    return tallies.length > 0 && /^\s+\S/.test(text);
  }

  return {
    readLine(line: LinePiece) {
      const { text } = line;
      const heading = resultHeading.exec(text);
      if (heading !== null) readHeading(heading);
      else if (preamble.test(text)) readPreamble(text);
      else if (commandLine.test(text) || (isCommand && /^\s+\S/.test(text))) readCommand(text);
      else {
        isCommand = false;
        if (!readResult(text)) return false;
      }
      start ??= { line: line.number, byte: line.byte };
      return true;
    },
    interrupt() {
      isInterrupted = true;
    },
    end: endRun,
  };
}

/** Adds an answer to a hop. False if the text is none. */
function addAnswer(text: string, tally: HopTally): boolean {
  const parts = answer.exec(text);
  if (parts === null) return false;
  const [, named, bracketed, bare, asn, ms, mtu, error] = parts;
  const { address, name } = parseResponder(named ?? bare ?? '', bracketed ?? '');
  const rttMs = ms === undefined ? null : roundTripMs(Number(ms));
  if (address === null) tally.recordLoss();
  else tally.recordReply({ address, name, asn: asn === undefined ? null : Number(asn) }, rttMs);
  tally.mtu = mtuOf(mtu) ?? tally.mtu;
  tally.error ??= icmpErrorOf(error);
  return address !== null || (named === undefined && bare === undefined) || bracketed === 'NONE';
}

function toolNamed(name: string): TraceTool {
  return traceTools.find((tool) => tool === name) ?? 'traceroute';
}

/** Facts from the options of the test, each in the form `--name value` or `--name=value`. */
function optionsOf(text: string, head: RunHead): Partial<RunHead> {
  const option = (name: string) =>
    new RegExp(`(?:^|\\s)--${name}[= ]'?([^\\s']+)`).exec(text)?.[1] ?? null;
  return {
    source: option('source') ?? head.source,
    destination: option('dest(?:ination)?') ?? head.destination,
    packetBytes: option('length') ?? head.packetBytes,
    protocol: protocolOf(option('probe-type')) ?? head.protocol,
  };
}
