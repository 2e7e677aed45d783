import { analyzeTest } from '../../src/analysis/window/analyzeTest.ts';
import type { TestAnalysis } from '../../src/model/site/analysis.ts';
import type { Test } from '../../src/model/test/test.ts';
import type { Failure, Responder, Route, Trace } from '../../src/model/trace/trace.ts';
import type { SiteContext } from '../../src/report/page.ts';
import type { TestPageInput } from '../../src/report/testPages.ts';
import { detectedMemory } from './detectedMemory.ts';

/** 2026-11-20 00:00:00 UTC. */
export const midnight = 1795132800;

const interval = 600;
const destination = '203.0.113.9';

/** The course of a test: routes by letter, and one letter per interval. */
export interface Course {
  /**
   * Hops by name, `*` for silence: `gw a1 * b2`. The first letter of a name is its AS; the
   * destination is added automatically.
   */
  readonly routes: Readonly<Record<string, string>>;
  /**
   * `A`: a trace on this route; `a`: one that ends after its second hop; `.`: none. Ignores blanks.
   */
  readonly course: string;
  /** RTT to the destination by route, ms; 20 by default. */
  readonly rttMs?: Readonly<Record<string, number>>;
  readonly mtu?: Readonly<Record<string, number>>;
  /**
   * Replies of each address to ten probes by route, the destination last; one probe per hop by
   * default.
   */
  readonly received?: Readonly<Record<string, readonly number[]>>;
  readonly failures?: readonly Failure[];
  readonly test?: Partial<Test>;
  /** Replaces fields of a responder by hop name. */
  readonly responders?: Readonly<Record<string, Partial<Responder>>>;
  readonly now?: number;
}

export const test: Test = {
  id: '192.0.2.1_203.0.113.9_traceroute_0123456789ab',
  archive: 'ma.example.net/esmond/perfsonar/archive',
  key: 'f6b732e9f351487a96126f0c25e5e546',
  tool: 'traceroute',
  source: { address: '192.0.2.1', name: 'src.example.net' },
  destination: { address: destination, name: 'dst.example.net' },
  family: 4,
  intervalSeconds: interval,
  taskName: null,
  parameters: {},
};

/** Documentation address of a hop: the same name, the same address. */
export function addressOf(name: string): string {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + character.charCodeAt(0)) % 250;
  return `198.51.100.${sum + 1}`;
}

function responder(name: string): Responder {
  const asn = 64496 + (name.charCodeAt(0) - 97);
  return {
    address: addressOf(name),
    hostname: `${name}.example.net`,
    asn,
    asName: `Network ${name.charAt(0)}`,
  };
}

function routeOf(names: readonly string[], reached: boolean, mtu: number | null): Route {
  const all = [...names.map((name) => (name === '*' ? [] : name.split('/').map(addressOf)))];
  const hops = (reached ? [...all, [destination]] : all.slice(0, 2)).map((addresses, index) => ({
    ttl: index + 1,
    addresses,
    mtu,
    error: null,
  }));
  return { hops, reached, pathMtu: mtu };
}

function traceOf(
  { routes, rttMs, mtu, received }: Course,
  letter: string,
  startedAt: number,
): Trace {
  const name = letter.toUpperCase();
  const reached = letter === name;
  const route = routeOf((routes[name] ?? '').split(' '), reached, mtu?.[name] ?? null);
  const total = rttMs?.[name] ?? 20;
  const times = route.hops.flatMap(({ ttl, addresses }) =>
    addresses.map(() => (total * ttl) / route.hops.length + (startedAt % 7) / 100),
  );
  const answers = received?.[name];
  const sent = route.hops.map(() => 10);
  const probes = answers ? { sent, received: answers.slice(0, times.length) } : null;
  return { startedAt, route, rttMs: times, probes };
}

/** Analysis of a test whose traces start at `midnight`, 10 minutes apart. */
export function simulated(course: Course): TestAnalysis {
  const letters = [...course.course.replaceAll(' ', '')];
  const traces = letters.flatMap((letter, index) =>
    letter === '.' ? [] : [traceOf(course, letter, midnight + index * interval)],
  );
  const names = Object.values(course.routes).flatMap((route) => route.split(/[ /]/));
  const known = names
    .filter((name) => name !== '*')
    .map((name) => ({ ...responder(name), ...course.responders?.[name] }));
  const end = midnight + letters.length * interval;
  const input = {
    test: { ...test, ...course.test },
    traces,
    failures: course.failures ?? [],
    responders: new Map(
      [
        ...known,
        { address: destination, hostname: 'dst.example.net', asn: 64510, asName: null },
      ].map((one) => [one.address, one]),
    ),
    window: { from: midnight, to: end },
    now: course.now ?? end,
  };
  return analyzeTest({ ...input, memory: detectedMemory(input) });
}

/** The input of the pages of a single test without related tests, history and pictures. */
export function testAlone(analysis: TestAnalysis, site: SiteContext): TestPageInput {
  const picturePaths: TestPageInput['picturePaths'] = new Map();
  return {
    analysis,
    site,
    keys: [],
    retired: null,
    related: [],
    history: analysis,
    relatedAnalyses: [],
    changes: [],
    picturePaths,
    metrics: [],
  };
}
