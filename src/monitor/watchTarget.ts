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
 * Repeats each step of a target until `stop`, independent of its other steps, with the pause of the
 * plan after each. `limits` bound the simultaneous steps of a kind over all targets. Finishes the
 * steps that are running at the end. Uses monotonic time, so a changed clock has no effect.
 */
export async function watchTarget(
  plan: MonitorPlan,
  runStep: RunStep,
  limits: Readonly<Record<MonitorStep, LimitFunction>>,
  stop: AbortSignal,
): Promise<void> {
  const repeat = async ([step, pauseMs]: readonly [MonitorStep, number]) => {
    while (!stop.aborted) {
      const succeeded = await limits[step](() => stop.aborted || runStep(step));
      await pause(succeeded ? pauseMs : Math.max(pauseMs, minPauseAfterFailureMs), stop);
    }
  };
  await Promise.all([...plannedSteps(plan)].map(repeat));
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
