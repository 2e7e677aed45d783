import { setTimeout as sleep } from 'node:timers/promises';
import type { LimitFunction } from 'p-limit';
import type { MonitorPlan } from '../sources/targets/target.ts';

/** A kind of measurement. */
export type MonitorStep = 'trace' | 'ping' | 'scan';

/** Runs a step; returns whether it succeeded. */
export type RunStep = (step: MonitorStep) => Promise<boolean>;

/** A failed step waits at least this long, because it may fail immediately each time. */
const minPauseAfterFailureMs = 5000;

/** The steps of a plan, quick ones first, and the pause after each, milliseconds. */
export function plannedSteps(plan: MonitorPlan): Map<MonitorStep, number> {
  const pauses: readonly (readonly [MonitorStep, number | null])[] = [
    ['ping', plan.pingPauseSeconds],
    ['scan', plan.scanPauseSeconds],
    ['trace', plan.tracePauseSeconds],
  ];
  return new Map(
    pauses.flatMap(([step, seconds]) =>
      seconds === null ? [] : [[step, seconds * 1000] as const],
    ),
  );
}

/**
 * Runs the steps of one target until `stop`, one at a time and each when its pause is over. `limit`
 * bounds the simultaneous steps of all targets. Finishes a step that is running at the end. Uses
 * monotonic time, so a changed clock has no effect.
 */
export async function watchTarget(
  plan: MonitorPlan,
  runStep: RunStep,
  limit: LimitFunction,
  stop: AbortSignal,
): Promise<void> {
  const schedule = [...plannedSteps(plan)].map(([step, pauseMs]) => ({ step, pauseMs, atMs: 0 }));
  while (!stop.aborted) {
    const [next] = schedule.sort((one, other) => one.atMs - other.atMs);
    if (next === undefined) return;
    await pause(next.atMs - performance.now(), stop);
    const succeeded = await limit(() => stop.aborted || runStep(next.step));
    const pauseMs = succeeded ? next.pauseMs : Math.max(next.pauseMs, minPauseAfterFailureMs);
    next.atMs = performance.now() + pauseMs;
  }
}

/** Longest delay of a timer. */
const maxTimerMs = 2 ** 31 - 1;

async function pause(ms: number, stop: AbortSignal): Promise<void> {
  for (let remaining = ms; remaining > 0 && !stop.aborted; remaining -= maxTimerMs) {
    await sleep(Math.min(remaining, maxTimerMs), undefined, { signal: stop }).catch(ignoreAbort);
  }
}

function ignoreAbort(error: unknown): void {
  if ((error as Error).name !== 'AbortError') throw error;
}
