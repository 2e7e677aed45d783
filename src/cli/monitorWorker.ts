import { setTimeout as sleep } from 'node:timers/promises';
import type { LimitFunction } from 'p-limit';
import type { MonitorPlan } from '../sources/targets/target.ts';

/** What the monitor does with a target. */
export type Step = 'trace' | 'ping' | 'scan';

/** Does a step; whether it went well. */
export type DoStep = (step: Step) => Promise<boolean>;

/** A step that fails at once is not begun anew at once. */
const pauseAfterFailureMs = 5000;

/** The steps of a plan with the pause after each, ms; the quick ones first. */
export function stepsOf(plan: MonitorPlan): Map<Step, number> {
  const pauses: readonly (readonly [Step, number | null])[] = [
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
  doStep: DoStep,
  limit: LimitFunction,
  stop: AbortSignal,
): Promise<void> {
  const dues = [...stepsOf(plan)].map(([step, pauseMs]) => ({ step, pauseMs, atMs: 0 }));
  while (!stop.aborted) {
    const [due] = dues.sort((one, other) => one.atMs - other.atMs);
    if (due === undefined) return;
    await pause(due.atMs - performance.now(), stop);
    const wentWell = await limit(() => stop.aborted || doStep(due.step));
    const pauseMs = wentWell ? due.pauseMs : Math.max(due.pauseMs, pauseAfterFailureMs);
    due.atMs = performance.now() + pauseMs;
  }
}

/** Timers take no more than this. */
const longestTimerMs = 2 ** 31 - 1;

async function pause(ms: number, stop: AbortSignal): Promise<void> {
  for (let left = ms; left > 0 && !stop.aborted; left -= longestTimerMs) {
    await sleep(Math.min(left, longestTimerMs), undefined, { signal: stop }).catch(unlessStopped);
  }
}

function unlessStopped(error: unknown): void {
  if ((error as Error).name !== 'AbortError') throw error;
}
