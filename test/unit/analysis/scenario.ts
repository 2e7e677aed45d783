import type { TestInput } from '../../../src/analysis/window/analyzeTest.ts';
import type { Test } from '../../../src/model/test/test.ts';
import { failureReasonOf } from '../../../src/model/trace/failureReason.ts';
import type { Failure, Responder, Route, RouteHop, Trace } from '../../../src/model/trace/trace.ts';
import { detectedMemory } from '../../helpers/detectedMemory.ts';

/** A scenario file: the results of an archive, and the lines expected under each key. */
export interface Scenario {
  readonly title: string;
  readonly input: TestInput;
  readonly expected: ReadonlyMap<string, readonly string[]>;
  /** The name of an address in the file. */
  readonly nameOf: (address: string) => string;
}

/** Keys of the setting; all others are expectations. */
const stage = ['family', 'interval', 'window', 'now', 'as', 'failure', 'destination'] as const;
const dayStart = 1_800_000_000 - (1_800_000_000 % 86_400);

/** Epoch seconds of `HH:MM[:SS]`; hours may exceed 24. */
export function momentOf(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
  return dayStart + hours * 3600 + minutes * 60 + seconds;
}

/** `HH:MM` of epoch seconds. */
export function clockOf(at: number): string {
  const minutes = Math.floor((at - dayStart) / 60);
  const hours = String(Math.floor(minutes / 60)).padStart(2, '0');
  return `${hours}:${String(minutes % 60).padStart(2, '0')}`;
}

/** Addresses for the names of a file: `b` → 192.0.2.98, `b2` → 198.51.100.98; `p` and `p2` are private. */
function addressOf(name: string, family: 4 | 6): string {
  const code = name.charCodeAt(0);
  if (family === 6) return `2001:db8::${code.toString(16)}${name.slice(1)}`;
  if (name.startsWith('p')) return `192.168.${name.slice(1) || '1'}.1`;
  return name.length === 1 ? `192.0.2.${code}` : `198.51.100.${code + 20 * Number(name.slice(1))}`;
}

interface Parsed {
  readonly title: string[];
  readonly settings: Map<string, string[]>;
  readonly traceLines: string[];
  readonly expected: Map<string, string[]>;
}

function readLines(text: string): Parsed {
  const parsed: Parsed = {
    title: [],
    settings: new Map(),
    traceLines: [],
    expected: new Map(),
  };
  let block: string[] = [];
  for (const line of text.split('\n')) {
    const key = /^([a-z][a-z ]*):\s*(.*)$/.exec(line);
    if (line.startsWith('#')) parsed.title.push(line.slice(1).trim());
    else if (/^\d+:\d\d/.test(line)) parsed.traceLines.push(line);
    else if (key) {
      const [, name = '', value = ''] = key;
      const isStage = (stage as readonly string[]).includes(name);
      const target = isStage ? parsed.settings : parsed.expected;
      block = target.get(name) ?? [];
      target.set(name, block);
      if (value !== '') block.push(value);
    } else if (line.trim() !== '') block.push(line.trim().replaceAll(/\s+/g, ' '));
  }
  return parsed;
}

interface Names {
  readonly family: 4 | 6;
  readonly names: Map<string, string>;
}

function address({ family, names }: Names, name: string): string {
  const text = addressOf(name, family);
  names.set(text, name);
  return text;
}

function readHops(tokens: readonly string[], names: Names): RouteHop[] {
  const hops: RouteHop[] = [];
  const push = (addresses: string[], error: string | null = null): void => {
    hops.push({ ttl: hops.length + 1, addresses, mtu: null, error });
  };
  for (const token of tokens) {
    const silent = /^\*(\d*)$/.exec(token);
    if (token === '-') continue;
    if (silent) for (let i = 0; i < Number(silent[1] || 1); i++) push([]);
    else if (token.startsWith('{')) {
      const members = token.slice(1, -1).split(',');
      push(members.map((name) => address(names, name)));
    } else {
      const [name = '', error] = token.split('!');
      push([address(names, name)], error ?? null);
    }
  }
  return hops;
}

function routeOf(hops: readonly RouteHop[], destination: string): Route {
  const last = hops.findLast(({ addresses }) => addresses.length > 0);
  const reached = last?.addresses.includes(destination) === true && last.error === null;
  return { hops, reached, pathMtu: null };
}

/** `10:00 x12 a {b,c} * d @ 12.5`: traces from 10:00 on, 12 of them, the destination's RTT 12.5 ms. */
function readTraces(
  lines: readonly string[],
  names: Names,
  destination: string,
  intervalSeconds: number,
): Trace[] {
  const routes = new Map<string, Route>();
  return lines.flatMap((line) => {
    const [path = '', rtt] = line.split('@');
    const [time = '', ...tokens] = path.trim().split(/\s+/);
    const times = /^x(\d+)$/.exec(tokens[0] ?? '');
    if (times) tokens.shift();
    const key = tokens.join(' ');
    const route = routes.get(key) ?? routeOf(readHops(tokens, names), destination);
    routes.set(key, route);
    const answers = route.hops.flatMap((hop) => hop.addresses.map((own) => ({ own, hop })));
    const rttMs = answers.map(({ own, hop }) =>
      own === destination ? Number(rtt ?? 10) : hop.ttl,
    );
    return Array.from({ length: Number(times?.[1] ?? 1) }, (_, i) => ({
      startedAt: momentOf(time) + i * intervalSeconds,
      route,
      rttMs,
      probes: null,
    }));
  });
}

function readResponders(pairs: readonly string[], names: Names): Map<string, Responder> {
  const known = pairs.join(' ').split(' ').filter(Boolean);
  return new Map(
    known.map((pair) => {
      const [name = '', asn] = pair.split('=');
      const own = address(names, name);
      return [own, { address: own, hostname: null, asn: Number(asn), asName: null }];
    }),
  );
}

/** A test between documentation addresses. */
export function sampleTest(change: Partial<Test> = {}): Test {
  return {
    id: 'test',
    archive: 'archive.example/esmond/perfsonar/archive',
    key: 'key',
    tool: 'traceroute',
    source: { address: '203.0.113.1', name: 'source.example' },
    destination: { address: '203.0.113.2', name: 'destination.example' },
    family: 4,
    intervalSeconds: 600,
    taskName: null,
    parameters: {},
    ...change,
  };
}

function readFailures(lines: readonly string[]): Failure[] {
  return lines.map((line) => {
    const [time = '', ...words] = line.split(' ');
    return { at: momentOf(time), error: failureReasonOf(words.join(' ')) };
  });
}

/** Reads a scenario file; test/scenarios/README.md describes the format. */
export function readScenario(text: string): Scenario {
  const { title, settings, traceLines, expected } = readLines(text);
  const setting = (key: (typeof stage)[number]): string | undefined => settings.get(key)?.[0];
  const family = setting('family') === '6' ? 6 : 4;
  const names: Names = { family, names: new Map() };
  const intervalSeconds = 60 * Number(setting('interval')?.replace(' min', '') ?? 10);
  const destination = address(names, 'd');
  const traces = readTraces(traceLines, names, destination, intervalSeconds);
  const latest = Math.max(0, ...traces.map(({ startedAt }) => startedAt));
  const now = setting('now') === undefined ? latest + 60 : momentOf(setting('now') ?? '');
  const hours = Number(setting('window')?.replace(' h', '') ?? 24);
  const known = setting('destination') !== 'unknown';
  const test = sampleTest({
    family,
    intervalSeconds,
    destination: { address: known ? destination : null, name: 'destination.example' },
  });
  const input = {
    test,
    traces,
    failures: readFailures(settings.get('failure') ?? []),
    responders: readResponders(settings.get('as') ?? [], names),
    window: { from: now - hours * 3600, to: now },
    now,
  };
  return {
    title: title.join(' '),
    input: { ...input, memory: detectedMemory(input) },
    expected,
    nameOf: (text) => names.names.get(text) ?? text,
  };
}
