import { lastRttIndex, type Trace } from '../../model/trace/trace.ts';
import { median } from '../../model/values/statistics.ts';
import type { Expectations, Limit, PolicyFinding, PolicyOutcome } from './policy.ts';
import { type PolicyInput, policyHops, policyHopText } from './policyInput.ts';

/**
 * A limit is broken when the median of three samples exceeds it three times in a row; a length, in
 * two traces in a row.
 */
const medianSamples = 3;
const timesInRow = 3;
const tracesInRow = 2;
/** It is met again after a fifth of the way back from the limit to the usual value. */
const hysteresis = 0.2;

/** Evaluates the limits on length and times against the newest traces. */
export function limitFindings(expected: Expectations, input: PolicyInput): PolicyFinding[] {
  const { maxHops, maxRttMs, maxHopRttMs } = expected;
  const { usual } = input;
  const reached = input.traces.filter(({ route }) => route.reached);
  const findings: PolicyFinding[] = [];
  const hops = limitOf(maxHops, usual.hops);
  if (hops !== null) {
    const outcome = lengthOutcome(hops, reached.slice(-tracesInRow));
    findings.push({ rule: 'max_hops', item: '', expected: `at most ${hops} hops`, outcome });
  }
  const rtt = limitOf(maxRttMs, usual.rttMs);
  if (rtt !== null) {
    const outcome = rttOutcome(
      rtt,
      usual.rttMs,
      reached.flatMap((trace) => rttOf(trace) ?? []),
    );
    findings.push({
      rule: 'max_rtt_ms',
      item: '',
      expected: `at most ${roundedText(rtt)} ms`,
      outcome,
    });
  }
  const hopRtt = limitOf(maxHopRttMs, usual.rttMs);
  if (hopRtt !== null) {
    const outcome = hopRttOutcome(hopRtt, reached.slice(-timesInRow), input);
    const expectedText = `at most ${roundedText(hopRtt)} ms at every hop`;
    findings.push({ rule: 'max_hop_rtt_ms', item: '', expected: expectedText, outcome });
  }
  return findings;
}

/** A limit as a number; null when there is none, or when it depends on an unknown usual value. */
export function limitOf(limit: Limit | undefined, usual: number | null): number | null {
  if (limit === undefined || limit === Number.POSITIVE_INFINITY) return null;
  if (typeof limit === 'number') return limit;
  return usual === null ? null : usual + Math.max(limit.floor, (usual * limit.overUsualPct) / 100);
}

/** A number for users, with at most two decimals. */
export function roundedText(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function lengthOutcome(limit: number, traces: readonly Trace[]): PolicyOutcome {
  const lengths = traces.map(({ route }) => route.hops.at(-1)?.ttl ?? 0);
  if (lengths.length < tracesInRow) return { kind: 'unknown' };
  if (lengths.every((length) => length > limit))
    return { kind: 'broken', found: `${lengths.at(-1)} hops` };
  return { kind: lengths.some((length) => length > limit) ? 'unknown' : 'met' };
}

function rttOutcome(limit: number, usual: number | null, rttsMs: readonly number[]): PolicyOutcome {
  const medians: number[] = [];
  for (let end = rttsMs.length; end >= medianSamples && medians.length < timesInRow; end--) {
    medians.unshift(median(rttsMs.slice(end - medianSamples, end)) as number);
  }
  const latest = medians.at(-1);
  if (latest === undefined) return { kind: 'unknown' };
  if (medians.length === timesInRow && medians.every((value) => value > limit))
    return { kind: 'broken', found: `${roundedText(latest)} ms` };
  const margin = usual !== null && usual < limit ? hysteresis * (limit - usual) : 0;
  return { kind: latest <= limit - margin ? 'met' : 'unknown' };
}

function rttOf({ route, rttMs }: Trace): number | null {
  return rttMs[lastRttIndex(route)] ?? null;
}

/** Finds the first hop from which on all answers exceed the limit, in each of the newest traces. */
function hopRttOutcome(
  limit: number,
  traces: readonly Trace[],
  { responders }: PolicyInput,
): PolicyOutcome {
  const lateHops = traces.map((trace) => lateHop(limit, trace));
  const last = traces.at(-1);
  const found = lateHops.at(-1) ?? null;
  if (last === undefined || lateHops.length < timesInRow) return { kind: 'unknown' };
  if (lateHops.some((each) => each === null)) return { kind: found === null ? 'met' : 'unknown' };
  const hop = policyHops(last, responders).find(({ ttl }) => ttl === found?.ttl);
  const place = hop === undefined ? `hop ${found?.ttl}` : policyHopText(hop);
  return { kind: 'broken', found: `${roundedText(found?.ms ?? 0)} ms from ${place} on` };
}

function lateHop(limit: number, { route, rttMs }: Trace): { ttl: number; ms: number } | null {
  let index = 0;
  let first: { ttl: number; ms: number } | null = null;
  for (const { ttl, addresses } of route.hops) {
    const times = rttMs.slice(index, index + addresses.length).filter((time) => time !== null);
    index += addresses.length;
    if (times.length === 0) continue;
    const ms = Math.min(...times);
    if (ms <= limit) first = null;
    else first ??= { ttl, ms };
  }
  return first;
}
