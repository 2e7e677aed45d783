import { canonicalAddress } from '../../src/lib/ip.ts';
import type { Endpoint } from '../../src/model/test/test.ts';
import type { Failure, Interval, Responder, Trace } from '../../src/model/trace/trace.ts';
import type { Facts } from './facts.ts';

/** Reports a violation. */
export type Complain = (rule: string, value: unknown) => void;

/** Controls, line breaks, zero-width and bidi characters. */
const unclean = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;

/** A text that is fit for storage and display. */
export function checkText(
  text: string | null,
  max: number,
  name: string,
  complain: Complain,
): void {
  if (text === null) return;
  if (text === '' || text.length > max || unclean.test(text) || !text.isWellFormed()) {
    complain(`${name} is one clean line of 1 to ${max} characters`, text);
  }
}

/** Rules for every trace; with `facts`, its values must be from the input. */
export function checkTrace(
  { startedAt, route, rttMs, probes, named = [] }: Trace,
  interval: Interval,
  facts: Facts | null,
  complain: Complain,
): void {
  if (!(startedAt >= interval.from && startedAt <= interval.to)) {
    complain('a trace lies within the time asked for', startedAt);
  }
  const { hops, pathMtu } = route;
  hops.forEach(({ ttl, addresses, mtu, error }, index) => {
    if (ttl !== (hops[0]?.ttl ?? 0) + index) complain('ttls follow each other', hops);
    if (!(Number.isInteger(ttl) && ttl >= 1 && ttl <= 255)) complain('a ttl is 1 to 255', ttl);
    if (new Set(addresses).size !== addresses.length) complain('addresses differ', addresses);
    for (const address of addresses) {
      if (canonicalAddress(address) !== address) complain('an address is canonical', address);
      if (facts?.addresses.has(address) === false) complain('an address was sent', address);
    }
    if (mtu !== null && facts?.mtus.has(mtu) === false) complain('an MTU was sent', mtu);
    checkText(error, 80, 'an ICMP error', complain);
  });
  if (pathMtu !== null && facts?.mtus.has(pathMtu) === false)
    complain('a path MTU was sent', pathMtu);
  checkTimes(rttMs, hops.flatMap(({ addresses }) => addresses).length, facts, complain);
  checkProbes({ route, probes }, complain);
  const last = hops.at(-1);
  const answered = (last?.addresses.length ?? 0) > 0 || named.some(({ ttl }) => ttl === last?.ttl);
  if (last !== undefined && !answered && last.error === null) {
    complain('a route ends with what answered', hops);
  }
  if (route.reached && !answered) complain('who is reached answered', hops);
}

function checkTimes(
  rttMs: readonly (number | null)[],
  answers: number,
  facts: Facts | null,
  complain: Complain,
): void {
  if (rttMs.length !== answers) complain('there is one time for each address', rttMs);
  for (const rtt of rttMs) {
    if (rtt === null) continue;
    if (!(rtt >= 0 && rtt <= 600_000)) complain('a time is 0 to 10 minutes', rtt);
    if (facts?.rttsMs.has(rtt) === false) complain('a time was sent', rtt);
  }
}

function checkProbes({ route, probes }: Pick<Trace, 'route' | 'probes'>, complain: Complain): void {
  if (probes === null) return;
  const { sent, received } = probes;
  let place = 0;
  route.hops.forEach(({ addresses }, index) => {
    const replies = received.slice(place, place + addresses.length);
    const sum = replies.reduce((total, count) => total + count, 0);
    place += addresses.length;
    if (sum > (sent[index] ?? 0)) complain('no more replies than probes', { sent, received });
  });
  if (sent.length !== route.hops.length || received.length !== place) {
    complain('probes are counted for each hop and address', { sent, received });
  }
}

/** Rules for a batch: traces ascend, one per second, and all responders are present and clean. */
export function checkBatch(
  {
    traces,
    responders,
    failures,
  }: {
    readonly traces: readonly Trace[];
    readonly responders: ReadonlyMap<string, Responder>;
    readonly failures: readonly Failure[];
  },
  interval: Interval,
  complain: Complain,
): void {
  traces.forEach(({ startedAt, route }, index) => {
    const before = traces[index - 1]?.startedAt ?? Number.NEGATIVE_INFINITY;
    if (startedAt <= before) complain('traces ascend, one a second', startedAt);
    for (const address of route.hops.flatMap(({ addresses }) => addresses)) {
      if (!responders.has(address)) complain('every address has its responder', address);
    }
  });
  for (const [address, { hostname, asn, asName }] of responders) {
    if (canonicalAddress(address) !== address) complain('a responder has an address', address);
    checkText(hostname, 255, 'a host name', complain);
    checkText(asName, 255, 'an AS owner', complain);
    if (asn !== null && !(Number.isInteger(asn) && asn >= 1 && asn <= 0xffff_ffff)) {
      complain('an AS number has 32 bits', asn);
    }
  }
  for (const { at, error } of failures) {
    if (!(at >= interval.from && at <= interval.to)) complain('a failure lies within', at);
    checkText(error, 500, 'the reason of a failure', complain);
  }
}

/** An end of a test. */
export function checkEndpoint({ address, name }: Endpoint, complain: Complain): void {
  checkText(name, 255, 'the name of a host', complain);
  if (address !== null && canonicalAddress(address) !== address) {
    complain('the address of a host is canonical', address);
  }
}
