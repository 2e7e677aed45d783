import { quoted, readHost } from './host.ts';
import { type MonitorPlan, plainPlan, plainTarget, type Target } from './target.ts';

/** What a list holds: its good lines as targets, and a sentence for each line that is not, beginning with file and line. */
export interface LineList {
  readonly targets: readonly Target[];
  readonly faults: readonly string[];
}

/**
 * Reads a list with one host a line; what follows `#` is comment. A host may be followed by options in the form of
 * connvitals-monitor, `name=value` in any case; in a file with any, lines without have that program's defaults too.
 */
export function parseLines(source: string, file: string): LineList {
  const lines = source.split(/\r?\n|\r/).map(wordsOf);
  const usual = lines.some((words) => words.length > 1) ? impliedPlan : plainPlan;
  const targets: Target[] = [];
  const faults: string[] = [];
  for (const [index, words] of lines.entries()) {
    if (words.length === 0) continue;
    const read = readLine(words, usual);
    if ('target' in read) targets.push(read.target);
    else faults.push(`${file}:${index + 1}: ${read.fault}`);
  }
  return { targets, faults };
}

function wordsOf(line: string): string[] {
  const written = line.replace(/^\ufeff/, '').replace(/(^|\s)#.*$/, '');
  return written.split(/\s+/).filter((word) => word !== '');
}

function readLine(
  [first = '', ...rest]: readonly string[],
  usual: MonitorPlan,
): { target: Target } | { fault: string } {
  const read = readHost(first);
  if ('fault' in read) return read;
  const found = readOptions(rest);
  if ('fault' in found) return found;
  const { hops, ...plan } = found;
  const plain = plainTarget(read.host);
  const monitor = { ...usual, ...plan };
  return { target: { ...plain, maxTtl: hops ?? plain.maxTtl, monitor } };
}

/** What connvitals-monitor does unless told otherwise: pings, and nothing else. */
const impliedPlan: MonitorPlan = {
  ...plainPlan,
  tracePauseSeconds: null,
  pingPauseSeconds: 0.5,
  json: false,
  timestamp: true,
};

type Options = Partial<MonitorPlan> & { readonly hops?: number };

/** Reads the value of an option; null when it is none. */
type ReadOption = (value: string) => Options | null;

const options: Readonly<Record<string, { read: ReadOption; expected: string }>> = {
  ping: pause((pingPauseSeconds) => ({ pingPauseSeconds })),
  trace: pause((tracePauseSeconds) => ({ tracePauseSeconds })),
  scan: pause((scanPauseSeconds) => ({ scanPauseSeconds })),
  numpings: count(1000, (pings) => ({ pings })),
  payload: count(65_000, (payloadBytes) => ({ payloadBytes })),
  hops: count(255, (hops) => ({ hops })),
  json: flag((json) => ({ json })),
  timestamp: flag((timestamp) => ({ timestamp })),
};

function readOptions(words: readonly string[]): Options | { fault: string } {
  const found = new Map<string, Options>();
  for (const word of words) {
    const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(word) ?? [];
    const key = name.toLowerCase();
    const option = Object.hasOwn(options, key) ? options[key] : undefined;
    if (option === undefined) {
      const known = Object.keys(options).join(', ');
      return {
        fault: `unknown option ${quoted(word)}; a host may be followed by ${known}, each with = and a value`,
      };
    }
    if (found.has(key)) return { fault: `the option ${key} is given twice` };
    const read = option.read(value);
    if (read === null)
      return { fault: `${key}: expected ${option.expected}, found ${quoted(value)}` };
    found.set(key, read);
  }
  return Object.assign({}, ...found.values());
}

/** Milliseconds; 0 for never. */
function pause(set: (seconds: number | null) => Options): { read: ReadOption; expected: string } {
  return {
    expected: 'milliseconds, or 0 for never',
    read: (value) => {
      const ms = /^\d{1,12}(\.\d*)?$|^\.\d+$/.test(value) ? Number(value) : Number.NaN;
      return Number.isNaN(ms) ? null : set(ms === 0 ? null : ms / 1000);
    },
  };
}

function count(
  most: number,
  set: (value: number) => Options,
): { read: ReadOption; expected: string } {
  return {
    expected: `a whole number from 1 to ${most}`,
    read: (value) => {
      const number = /^\d{1,9}$/.test(value) ? Number(value) : 0;
      return number >= 1 && number <= most ? set(number) : null;
    },
  };
}

function flag(set: (value: boolean) => Options): { read: ReadOption; expected: string } {
  return {
    expected: 'true, false, 1 or 0',
    read: (value) => {
      if (/^(true|false)$/i.test(value)) return set(value.toLowerCase() === 'true');
      return /^[+-]?\d{1,9}$/.test(value) ? set(Number(value) !== 0) : null;
    },
  };
}
