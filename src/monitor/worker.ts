import { setTimeout as sleep } from 'node:timers/promises';
import type { LimitFunction } from 'p-limit';
import type { MonitorPlan } from '../sources/targets/target.ts';

/** What the monitor does with a target. */
export type MonitorStep = 'trace' | 'ping' | 'scan';

/** Does a step; whether it went well. */
export type RunStep = (step: MonitorStep) => Promise<boolean>;

/** A step that fails at once is not begun anew at once. */
const pauseAfterFailureMs = 5000;

/** The steps of a plan with the pause after each, ms; the quick ones first. */
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
 * Watches one target until `stop`: its steps one after the other, each as soon as its pause is over, at most as many at a time
 * with other targets as `limit` allows. A step that has begun is finished. No clock can upset it: time is counted
 * from the start of the process.
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
    const pauseMs = succeeded ? next.pauseMs : Math.max(next.pauseMs, pauseAfterFailureMs);
    next.atMs = performance.now() + pauseMs;
  }
}

/** Timers take no more than this. */
const maxTimerMs = 2 ** 31 - 1;

async function pause(ms: number, stop: AbortSignal): Promise<void> {
  for (let remaining = ms; remaining > 0 && !stop.aborted; remaining -= maxTimerMs) {
    await sleep(Math.min(remaining, maxTimerMs), undefined, { signal: stop }).catch(ignoreAbort);
  }
}

function ignoreAbort(error: unknown): void {
  if ((error as Error).name !== 'AbortError') throw error;
}
