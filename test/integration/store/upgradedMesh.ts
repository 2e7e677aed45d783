import type { Responder, Trace } from '../../../src/model/trace/trace.ts';
import { midnight, respondersOf, routeThrough } from './samples.ts';

/**
 * A mesh whose routes change while an upgrade replaces the program. The program that the upgrade
 * replaces wrote `test/fixtures/store/upgrade/version-6.sql` from the same traces.
 */

const interval = 600;
const hour = 3600;

/** Noon, after a day and a half. */
export const noon = midnight + 36 * hour;

/** The database was dumped then; the upgraded program continues. */
export const upgradeAt = noon + 2.5 * hour;

const usual = routeThrough('192.0.2.1', '198.51.100.1', '198.51.100.9', '203.0.113.9');
const sibling = routeThrough('192.0.2.1', '198.51.100.2', '198.51.100.9', '203.0.113.9');
const other = routeThrough('192.0.2.1', '198.51.100.65', '198.51.100.73', '203.0.113.9');
const silent = { ...routeThrough('192.0.2.1', '198.51.100.1'), reached: false };

function responder(address: string, asn: number, hostname: string | null = null): Responder {
  return { address, hostname, asn, asName: null };
}

export const responders = respondersOf(
  responder('192.0.2.1', 64_500),
  responder('198.51.100.1', 64_501, 'core1.fra.example.net'),
  responder('198.51.100.2', 64_501),
  responder('198.51.100.9', 64_501),
  responder('198.51.100.65', 64_502, 'core9.ams.example.org'),
  responder('198.51.100.73', 64_502),
  responder('203.0.113.9', 64_503),
);

/** Per test: the routes, each from its start on. The first ones stay unchanged until noon. */
const courses: Readonly<
  Record<string, readonly (readonly [from: number, route: Trace['route']])[]>
> = {
  a: [
    [noon, other],
    [noon + 5 * hour, usual],
  ],
  b: [
    [noon + 60, other],
    [noon + 5 * hour, usual],
  ],
  c: [[noon + 120, other]],
  d: [
    [noon + hour, silent],
    [noon + 4 * hour, usual],
  ],
  e: [],
  f: [
    [noon + 2 * hour, other],
    [noon + 6 * hour, usual],
  ],
};

export const testIds = Object.keys(courses);

/** The traces of a test that start from `from` up to `to`, epoch seconds. */
export function tracesOf(id: string, from: number, to: number): Trace[] {
  const traces: Trace[] = [];
  for (let at = from; at < to; at += interval) {
    const usualNow = id === 'e' && (at / interval) % 3 === 0 ? sibling : usual;
    const route = courses[id]?.findLast(([since]) => since <= at)?.[1] ?? usualNow;
    const extra = route === other ? 15 : 0;
    const rttMs = route.hops.map(({ ttl }) => 4 * ttl + extra + ((at / interval) % 7) / 10);
    traces.push({ startedAt: at, route, rttMs, probes: null });
  }
  return traces;
}

/** One recipient of everything. */
export const configText = `
  [site]
  url = "https://ps.example.org/"
  [alerts]
  time_zone = "UTC"
  [email]
  server = "127.0.0.1"
  port = 25
  security = "none"
  from = "pstrace@example.org"
  [[recipient]]
  name = "noc"
  to = ["noc@example.org"]
  digest_from = "off"
`;
