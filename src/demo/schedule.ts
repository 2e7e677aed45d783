import type { Interval } from '../model/trace/trace.ts';
import { hourSeconds } from '../model/values/time.ts';
import type { DemoTest } from './demoMesh.ts';
import { mixNumbers, randomFrom } from './random.ts';
import { isDuring, type ScenarioTimeline } from './scenarioTimeline.ts';

/** One run of a test. */
export interface DemoRun {
  /** Scheduled start and arrival of its result in the archive, epoch seconds. */
  readonly startedAt: number;
  readonly arrivedAt: number;
  /** The error of the tool; null if it ran. */
  readonly failure: string | null;
  /** The archive received the result twice. */
  readonly isDuplicate: boolean;
  /** Seed of the run's results. */
  readonly seed: number;
}

/** Every test runs once in each slot of this length, at any time in it. */
export const slotSeconds = 600;

const lateSeconds = 3 * hourSeconds;

/**
 * The runs of a test that start in a window, oldest first, without runs that never reached an
 * archive (host off, results lost, test not configured).
 */
export function runsOf(
  test: DemoTest,
  window: Interval,
  timeline: ScenarioTimeline,
  seed: number,
): DemoRun[] {
  const runs: DemoRun[] = [];
  const last = Math.floor(window.to / slotSeconds);
  for (let slot = Math.floor(window.from / slotSeconds); slot <= last; slot++) {
    const runSeed = mixNumbers(seed, test.index, slot);
    const random = randomFrom(runSeed);
    const startedAt = slot * slotSeconds + Math.floor(random() * (slotSeconds - 10));
    if (startedAt < window.from || startedAt > window.to) continue;
    if (!isConfigured(test, startedAt, timeline) || isSilent(test, startedAt, timeline)) continue;
    const chance = random();
    const isLost = chance > 0.998;
    if (isLost) continue;
    const host = test.source.id;
    const late = timeline.hostEvent('late-results', host, startedAt) ? lateSeconds : 0;
    runs.push({
      startedAt,
      arrivedAt: startedAt + 15 + Math.floor(random() * 30) + late,
      failure: failureOf(test, startedAt, timeline, chance),
      isDuplicate: random() < 0.01,
      seed: mixNumbers(runSeed, 1),
    });
  }
  return runs;
}

function isConfigured(test: DemoTest, time: number, timeline: ScenarioTimeline): boolean {
  return timeline.events.every((event) => {
    if (!('test' in event) || event.test !== test.id) return true;
    return isDuring(event, time) === (event.kind === 'new-test');
  });
}

function isSilent(test: DemoTest, time: number, timeline: ScenarioTimeline): boolean {
  const host = test.source.id;
  return (
    timeline.hostEvent('host-down', host, time) !== undefined ||
    timeline.hostEvent('source-gap', host, time) !== undefined
  );
}

function failureOf(
  test: DemoTest,
  time: number,
  timeline: ScenarioTimeline,
  chance: number,
): string | null {
  const event = timeline.hostEvent('family-down', test.source.id, time);
  if (event?.family === test.family) return 'connect: Network is unreachable';
  return chance < 0.001 ? 'Process took too long to run.' : null;
}
