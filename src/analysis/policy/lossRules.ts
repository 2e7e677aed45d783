import type { Trace } from '../../model/trace/trace.ts';
import { binomialTail, upperMedian } from '../../model/values/statistics.ts';
import { limitOf, roundedText } from './limitRules.ts';
import type { Expectations, PolicyFinding, PolicyOutcome } from './policy.ts';
import { type PolicyInput, policyHops, policyHopText } from './policyInput.ts';

/** Newest traces from which loss is computed; half of them are enough. */
const windowTraces = 18;
/** A limit is broken when so many misses would be this rare with a loss within the limit. */
const maxChance = 0.01;
/** Loss at a hop is real only if every hop behind it shows at least this share of it. */
const persistingShare = 0.5;

/** Probes of some traces at one hop of the route. */
interface ProbeTally {
  sent: number;
  received: number;
}

/** Evaluates the limits on loss against the newest traces. */
export function lossFindings(expected: Expectations, input: PolicyInput): PolicyFinding[] {
  const { maxLossPct, maxHopLossPct } = expected;
  const traces = input.traces.slice(-windowTraces);
  const counts = countByTtl(traces);
  const end = counts.at(-1) ?? { sent: 0, received: 0 };
  const findings: PolicyFinding[] = [];
  const limit = limitOf(maxLossPct, input.usual.lossPct);
  if (limit !== null) {
    const outcome = lossOutcome(limit, end, '');
    findings.push({ rule: 'max_loss_pct', item: '', expected: limitText(limit), outcome });
  }
  const hopLimit = limitOf(maxHopLossPct, input.usual.lossPct);
  if (hopLimit !== null) {
    const outcome = hopLossOutcome(hopLimit, counts, traces.at(-1), input);
    const expectedText = `${limitText(hopLimit)} at every hop`;
    findings.push({ rule: 'max_hop_loss_pct', item: '', expected: expectedText, outcome });
  }
  return findings;
}

/**
 * Loss to the destination over some traces, percent of the probes; null where there are too few.
 */
export function destinationLossPct(traces: readonly Trace[]): number | null {
  const end = countByTtl(traces).at(-1);
  return end === undefined || traces.length < windowTraces ? null : lossPct(end);
}

function limitText(limit: number): string {
  return `at most ${roundedText(limit)}% loss`;
}

/**
 * Probes sent and answered at each ttl up to the destination, which is last. Empty when no trace
 * reached it.
 */
function countByTtl(traces: readonly Trace[]): ProbeTally[] {
  const lengths = traces.flatMap(({ route }) =>
    route.reached ? (route.hops.at(-1)?.ttl ?? []) : [],
  );
  const length = upperMedian(lengths) ?? 0;
  const counts = Array.from({ length }, (): ProbeTally => ({ sent: 0, received: 0 }));
  for (const { route, probes } of traces) {
    const end = route.reached ? (route.hops.at(-1)?.ttl ?? length) : null;
    let index = 0;
    const own = new Map<number, ProbeTally>();
    route.hops.forEach(({ ttl, addresses }, at) => {
      const sent = probes?.sent[at] ?? 1;
      const answers = probes?.received.slice(index, index + addresses.length) ?? [
        Math.min(1, addresses.length),
      ];
      index += addresses.length;
      own.set(ttl, {
        sent,
        received: Math.min(
          sent,
          answers.reduce((sum, each) => sum + each, 0),
        ),
      });
    });
    counts.forEach((count, at) => {
      // The destination counts as itself, whatever the length of this trace.
      const isEnd = at === length - 1;
      const seen = own.get(isEnd && end !== null ? end : at + 1);
      count.sent += seen?.sent ?? 1;
      if (!isEnd || route.reached) count.received += seen?.received ?? 0;
    });
  }
  return counts;
}

function lossPct({ sent, received }: ProbeTally): number {
  return sent === 0 ? 0 : (100 * (sent - received)) / sent;
}

function lossOutcome(limit: number, count: ProbeTally, place: string): PolicyOutcome {
  const pct = lossPct(count);
  if (count.sent < windowTraces / 2) return { kind: 'unknown' };
  if (pct <= limit) return { kind: 'met' };
  if (binomialTail(count.sent - count.received, count.sent, limit / 100) >= maxChance)
    return { kind: 'unknown' };
  return { kind: 'broken', found: `${roundedText(pct)}% of ${count.sent} probes lost${place}` };
}

function hopLossOutcome(
  limit: number,
  counts: readonly ProbeTally[],
  latest: Trace | undefined,
  { responders }: PolicyInput,
): PolicyOutcome {
  const hops = latest === undefined ? [] : policyHops(latest, responders);
  let isUncertain = false;
  for (const [at, count] of counts.entries()) {
    const persists = counts
      .slice(at + 1)
      .every((later) => lossPct(later) >= persistingShare * lossPct(count));
    if (!persists) continue;
    const hop = hops.find(({ ttl }) => ttl === at + 1);
    const outcome = lossOutcome(
      limit,
      count,
      ` from ${hop ? policyHopText(hop) : `hop ${at + 1}`} on`,
    );
    if (outcome.kind === 'broken') return outcome;
    isUncertain ||= outcome.kind === 'unknown';
  }
  return { kind: isUncertain || counts.length === 0 ? 'unknown' : 'met' };
}
