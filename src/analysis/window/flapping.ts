import { runsScore } from '../runsTest.ts';
import type { TraceStep } from './traceSteps.ts';

/**
 * How many of the last steps are checked for flapping, how often the route must switch, and for how
 * many traces each route must hold.
 */
const flapRules = { steps: 36, switches: 5, hold: 3 };

/** Switches this many standard deviations rarer than in a random order are no load balancing. */
const minScore = -3;

interface VariantRun {
  readonly variant: number;
  from: number;
  traces: number;
}

/**
 * Alternating runs of two variants at the end of the steps, newest first; all but the newest hold
 * long enough.
 */
function alternatingRuns(steps: readonly TraceStep[]): VariantRun[] {
  const runs: VariantRun[] = [];
  for (let i = steps.length - 1; i >= Math.max(0, steps.length - flapRules.steps); i--) {
    const { variant } = steps[i] as TraceStep;
    const run = runs.at(-1);
    if (run?.variant === variant) {
      run.from = i;
      run.traces += 1;
      continue;
    }
    const tooShort = runs.length > 1 && (run?.traces ?? 0) < flapRules.hold;
    if (tooShort) runs.pop();
    if (tooShort || (runs.length > 1 && variant !== runs.at(-2)?.variant)) break;
    runs.push({ variant, from: i, traces: 1 });
  }
  return runs;
}

/**
 * The first step since which two routes replace each other again and again, each for a few traces
 * and longer than load balancing would by chance; -1 when they do not.
 */
export function findFlappingStart(steps: readonly TraceStep[]): number {
  const runs = alternatingRuns(steps);
  if (runs.length <= flapRules.switches) return -1;
  const own = runs.reduce((sum, { traces }, i) => sum + (i % 2 === 0 ? traces : 0), 0);
  const all = runs.reduce((sum, { traces }) => sum + traces, 0);
  const isChance = runsScore(own, all - own, runs.length - 1) > minScore;
  return isChance ? -1 : (runs.at(-1)?.from ?? -1);
}
