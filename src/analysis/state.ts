import type { RouteVariant, State } from '../model/analysis.ts';
import type { Test } from '../model/test.ts';
import type { Failure, Interval } from '../model/trace.ts';
import { newLoss, slowdown } from './degradation.ts';
import { flappingSince } from './flapping.ts';
import { failuresSince, intervalOf, patienceIntervals } from './freshness.ts';
import { departure } from './routeChange.ts';
import * as sentence from './stateSentence.ts';
import type { Step } from './steps.ts';

/** The state of a test, since when it holds as far as the window tells, and one sentence of reason. */
export interface Verdict {
  readonly state: State;
  readonly since: number | null;
  readonly reason: string;
}

/** What the state is judged from. Steps ascend in time. */
export interface Course {
  readonly test: Test;
  readonly steps: readonly Step[];
  /** By number. */
  readonly variants: readonly RouteVariant[];
  readonly usualVariant: RouteVariant | null;
  /** RTTs of the traces on the usual variant, ms. */
  readonly usualRtts: readonly number[];
  readonly failures: readonly Failure[];
  /** Why it cannot be told whether the destination was reached; null where it can. */
  readonly reachUnknown: string | null;
  readonly window: Interval;
  readonly now: number;
}

function unreached({ steps }: Course): Verdict | null {
  if (!steps.at(-1)?.outage) return null;
  const from = steps.findLastIndex(({ outage }) => !outage) + 1;
  const reason = sentence.unreached(steps.slice(0, from), steps.slice(from));
  return { state: 'unreached', since: (steps[from] as Step).at, reason };
}

function failed({ steps, failures }: Course): Verdict | null {
  const since = failuresSince(failures, steps.at(-1)?.at ?? null);
  const [first] = since;
  if (first === undefined) return null;
  return { state: 'failed', since: first.at, reason: sentence.failed(since) };
}

function changed({ steps, variants, window }: Course): Verdict | null {
  const found = departure(steps, variants, window);
  if (found === null) return null;
  const since = steps.length - found.from;
  const reason = sentence.changed(found, since);
  return { state: 'changed', since: (steps[found.from] as Step).at, reason };
}

function degraded({ steps, usualRtts, usualVariant }: Course): Verdict | null {
  const slow = slowdown(steps, usualRtts, usualVariant?.medianRttMs ?? null);
  if (slow !== null) {
    return { state: 'degraded', since: slow.since, reason: sentence.slower(slow) };
  }
  const loss = newLoss(steps);
  return loss && { state: 'degraded', since: loss.since, reason: sentence.lossy(loss) };
}

function flapping({ steps, variants }: Course): Verdict | null {
  const from = flappingSince(steps);
  if (from < 0) return null;
  const reason = sentence.flapping(steps.slice(from), variants);
  return { state: 'flapping', since: (steps[from] as Step).at, reason };
}

/** A destination that answers fewer traces than this share of one is taken for one that does not answer. */
const leastAnswering = 0.2;

/** Hardly any answer, or a single one that the last two traces did not repeat. */
function filtered({ steps, reachUnknown }: Course): Verdict | null {
  const hits = steps.filter(({ reached }) => reached).length;
  const silent = hits < 2 && steps.length > 2 && !steps.slice(-2).some(({ reached }) => reached);
  if (hits / steps.length >= leastAnswering && !silent) return null;
  return {
    state: 'filtered',
    since: hits === 0 ? (steps[0] as Step).at : null,
    reason: reachUnknown ?? sentence.filtered(hits, steps),
  };
}

function ok({ steps, usualVariant }: Course): Verdict {
  return { state: 'ok', since: null, reason: sentence.ok(steps, usualVariant) };
}

/**
 * Judges a test. While results keep coming the worst of what is found counts, in the order of `states`, but that failures newer than
 * the last trace are told before a plain `ok` or `filtered`. When no result is younger than 2.5 intervals, nothing is
 * known of the present: `failed` if failures came last, else `stale`; only an outage that was under way stays `unreached`.
 * The sentence carries no time, so that it stays the same from run to run.
 */
export function judge(course: Course): Verdict {
  const { steps, failures, now } = course;
  const last = steps.at(-1);
  const interval = intervalOf(course.test, steps);
  const patience = patienceIntervals * interval;
  if (last === undefined) {
    return failed(course) ?? { state: 'stale', since: null, reason: sentence.noTrace };
  }
  const outage = unreached(course);
  if (outage !== null) return outage;
  if (now - last.at > patience) {
    const newest = failuresSince(failures, last.at).at(-1)?.at ?? last.at;
    const failing = now - newest > patience ? null : failed(course);
    return failing ?? { state: 'stale', since: newest, reason: sentence.stale(interval, patience) };
  }
  return (
    changed(course) ??
    degraded(course) ??
    flapping(course) ??
    failed(course) ??
    filtered(course) ??
    ok(course)
  );
}
