import type { Test } from '../model/test/test.ts';
import type { Trace } from '../model/trace/trace.ts';
import { median } from '../model/values/statistics.ts';

/** A host with fewer traces in the span shows no rhythm. */
const minTraces = 20;
/** A gap of so many usual ones is a missing run; a run may start late by most of an interval. */
const missingGaps = 1.75;
const maxMissingShare = 0.15;
/** Hosts with one task run equally often. */
const minShareOfOther = 2 / 3;
/**
 * Turns for each trace: 1 in strict alternation, 0.75 of runs at random within their slots, 0.5 in
 * random order.
 */
const minTurns = 2 / 3;

/**
 * Whether traces are those of two hosts under one key. elmond lists the hosts of a task without a
 * source as one test, and names its source by an address. Their traces enter the network through
 * two first hops in turns, and those of each first hop keep a rhythm of their own. The traces of
 * one host that alternates between two routers leave gaps at random in both.
 */
export function isSharedKey(test: Pick<Test, 'key' | 'source'>, traces: readonly Trace[]): boolean {
  if (!mayShareKey(test) || traces.length < 2 * minTraces) return false;
  const startsByHop = Map.groupBy(
    traces.filter((trace) => firstHop(trace) !== ''),
    firstHop,
  );
  const [one, other] = [...startsByHop.values()].sort((a, b) => b.length - a.length);
  if (one === undefined || other === undefined) return false;
  const [some, others] = whileBoth(one, other);
  if (others.length < minShareOfOther * some.length) return false;
  return keepsRhythm(some) && keepsRhythm(others) && takesTurns(some, others);
}

/** The traces of the time in which both ran, the more numerous first. */
function whileBoth(one: readonly Trace[], other: readonly Trace[]): [Trace[], Trace[]] {
  const startOf = (traces: readonly Trace[]) => traces[0]?.startedAt ?? 0;
  const endOf = (traces: readonly Trace[]) => traces.at(-1)?.startedAt ?? 0;
  const from = Math.max(startOf(one), startOf(other));
  const to = Math.min(endOf(one), endOf(other));
  const within = (traces: readonly Trace[]) =>
    traces.filter(({ startedAt }) => startedAt >= from && startedAt <= to);
  const [a, b] = [within(one), within(other)];
  return a.length >= b.length ? [a, b] : [b, a];
}

/** Whether a test is as elmond describes those of a task without a source. */
export function mayShareKey({ key, source }: Pick<Test, 'key' | 'source'>): boolean {
  return /^[0-9a-f]{64}$/.test(key) && source.name === source.address;
}

/** The addresses of the first hop as text; '' for a silent one. */
function firstHop({ route }: Trace): string {
  const [first] = route.hops;
  return first?.ttl === 1 ? first.addresses.toSorted().join(' ') : '';
}

function keepsRhythm(traces: readonly Trace[]): boolean {
  if (traces.length < minTraces) return false;
  const gaps = gapsOf(traces);
  const usual = median(gaps) ?? 0;
  return gaps.filter((gap) => gap > missingGaps * usual).length <= maxMissingShare * gaps.length;
}

function gapsOf(traces: readonly Trace[]): number[] {
  return traces.slice(1).map(({ startedAt }, i) => startedAt - (traces[i]?.startedAt ?? 0));
}

/** Whether the two alternate more than chance does. */
function takesTurns(one: readonly Trace[], other: readonly Trace[]): boolean {
  const others = new Set(other);
  const all = [...one, ...other].sort((a, b) => a.startedAt - b.startedAt);
  const isOther = all.map((trace) => others.has(trace));
  const turns = isOther.filter((each, i) => i > 0 && each !== isOther[i - 1]).length;
  return turns >= minTurns * all.length;
}
