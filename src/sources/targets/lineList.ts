import { defaultMonitorPlan, defaultTarget, type MonitorPlan, type Target } from './target.ts';
import { quoted, readHost } from './targetHost.ts';

/** The targets of a list, and a fault for each invalid line, beginning with file and line. */
export interface TargetList {
  readonly targets: readonly Target[];
  readonly faults: readonly string[];
}

/**
 * Parses a list with one host per line; `#` starts a comment. Options of connvitals-monitor,
 * `name=value` in any case, may follow a host. A file with any options has the defaults of that
 * program for all lines.
 */
export function parseTargetLines(source: string, file: string): TargetList {
  const lines = source.split(/\r?\n|\r/).map(splitWords);
  const isConnvitals = lines.some((words) => words.length > 1);
  const targets: Target[] = [];
  const faults: string[] = [];
  for (const [index, words] of lines.entries()) {
    if (words.length === 0) continue;
    const read = readLine(words, isConnvitals);
    if ('target' in read) targets.push(read.target);
    else faults.push(`${file}:${index + 1}: ${read.fault}`);
  }
  return { targets, faults };
}

function splitWords(line: string): string[] {
  const written = line.replace(/^\ufeff/, '').replace(/(^|\s)#.*$/, '');
  return written.split(/\s+/).filter((word) => word !== '');
}

function readLine(
  [first = '', ...rest]: readonly string[],
  isConnvitals: boolean,
): { target: Target } | { fault: string } {
  const read = readHost(first);
  if ('fault' in read) return read;
  const found = readOptions(rest);
  if ('fault' in found) return found;
  const { hops, ...plan } = found;
  const plain = { ...defaultTarget(read.host), ...(isConnvitals ? connvitalsProbes : {}) };
  const monitor = { ...(isConnvitals ? connvitalsPlan : defaultMonitorPlan), ...plan };
  return { target: { ...plain, maxTtl: hops ?? plain.maxTtl, monitor } };
}

/** connvitals-monitor sends one probe to each hop. */
const connvitalsProbes = { packets: 1, graceSeconds: 1 };

/** Defaults of connvitals-monitor: pings, and nothing else. */
const connvitalsPlan: MonitorPlan = {
  ...defaultMonitorPlan,
  tracePauseSeconds: null,
  pingPauseSeconds: 0.5,
  // The shortest interval that current versions of ping permit without privileges.
  pingIntervalSeconds: 0.002,
  scanPorts: [80, 443, 3306],
  json: false,
  timestamp: true,
};

type LineOptions = Partial<MonitorPlan> & { readonly hops?: number };

/** Parses the value of an option; null if it is invalid. */
type ReadOption = (value: string) => LineOptions | null;

const options: Readonly<Record<string, { read: ReadOption; expected: string }>> = {
  ping: pauseOption((pingPauseSeconds) => ({ pingPauseSeconds })),
  trace: pauseOption((tracePauseSeconds) => ({ tracePauseSeconds })),
  scan: pauseOption((scanPauseSeconds) => ({ scanPauseSeconds })),
  numpings: countOption(1000, (pings) => ({ pings })),
  payload: countOption(65_000, (payloadBytes) => ({ payloadBytes })),
  hops: countOption(255, (hops) => ({ hops })),
  json: flagOption((json) => ({ json })),
  timestamp: flagOption((timestamp) => ({ timestamp })),
};

function readOptions(words: readonly string[]): LineOptions | { fault: string } {
  const found = new Map<string, LineOptions>();
  for (const word of words) {
    const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(word) ?? [];
    const key = name.toLowerCase();
    const option = Object.hasOwn(options, key) ? options[key] : undefined;
    if (option === undefined) {
      const known = Object.keys(options).join(', ');
      return {
        fault: `unknown option ${quoted(word)}; the options are ${known}, each with = and a value`,
      };
    }
    if (found.has(key)) return { fault: `the option ${key} appears twice` };
    const read = option.read(value);
    if (read === null)
      return { fault: `${key}: expected ${option.expected}, found ${quoted(value)}` };
    found.set(key, read);
  }
  return Object.assign({}, ...found.values());
}

/** An option in milliseconds, 0 for never. */
function pauseOption(set: (seconds: number | null) => LineOptions): {
  read: ReadOption;
  expected: string;
} {
  return {
    expected: 'milliseconds, or 0 for never',
    read: (value) => {
      const ms = /^\d{1,12}(\.\d*)?$|^\.\d+$/.test(value) ? Number(value) : Number.NaN;
      return Number.isNaN(ms) ? null : set(ms === 0 ? null : ms / 1000);
    },
  };
}

function countOption(
  max: number,
  set: (value: number) => LineOptions,
): { read: ReadOption; expected: string } {
  return {
    expected: `a whole number from 1 to ${max}`,
    read: (value) => {
      const number = /^\d{1,9}$/.test(value) ? Number(value) : 0;
      return number >= 1 && number <= max ? set(number) : null;
    },
  };
}

function flagOption(set: (value: boolean) => LineOptions): { read: ReadOption; expected: string } {
  return {
    expected: 'true, false, 1 or 0',
    read: (value) => {
      if (/^(true|false)$/i.test(value)) return set(value.toLowerCase() === 'true');
      return /^[+-]?\d{1,9}$/.test(value) ? set(Number(value) !== 0) : null;
    },
  };
}
