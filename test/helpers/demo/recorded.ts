import type { DemoTest } from '../../../src/demo/demoMesh.ts';
import type { DemoEvent } from '../../../src/demo/scenario.ts';
import type { DemoRun } from '../../../src/demo/schedule.ts';
import { createSimulation } from '../../../src/demo/simulation.ts';
import type { TracedHop } from '../../../src/demo/traceRun.ts';

/** The demo as these tests look at it. */
export const now = 1_784_000_400;
export const simulation = createSimulation({ seed: 1, now });

/** One run with what it saw; no hops where it failed. */
export interface Recorded {
  readonly run: DemoRun;
  readonly hops: readonly TracedHop[];
}

const cache = new Map<string, readonly Recorded[]>();

/** All that a test recorded until `now`, oldest first. */
export function recorded(test: DemoTest): readonly Recorded[] {
  let all = cache.get(test.id);
  if (all === undefined) {
    const runs = simulation.runs(test, { from: 0, to: now });
    all = runs.map((run) => ({
      run,
      hops: run.failure === null ? simulation.trace(test, run) : [],
    }));
    cache.set(test.id, all);
  }
  return all;
}

/** What a test recorded from one moment (included) to another (not included), epoch seconds. */
export function between(test: DemoTest, from: number, to: number): readonly Recorded[] {
  return recorded(test).filter(({ run }) => from <= run.startedAt && run.startedAt < to);
}

/** What a test recorded while an event lasted. */
export function during(test: DemoTest, event: DemoEvent): readonly Recorded[] {
  return between(test, event.from, event.until ?? now);
}

export function testById(id: string): DemoTest {
  const test = simulation.tests.find((candidate) => candidate.id === id);
  if (test === undefined) throw new Error(`no test ${id}`);
  return test;
}

/** The only event of a kind. */
export function eventOf(kind: DemoEvent['kind']): DemoEvent {
  const [event, ...more] = simulation.events.filter((candidate) => candidate.kind === kind);
  if (event === undefined || more.length > 0) throw new Error(`not one event of kind ${kind}`);
  return event;
}

/** Round-trip time to the destination, ms; null where it was not reached. */
export function destinationRtt(test: DemoTest, { hops }: Recorded): number | null {
  const last = hops.at(-1);
  const destination = simulation.addressOf(test.destination.id, test.family);
  return last?.address === destination && last.error === null ? last.rttMs : null;
}

export function addressesOf(results: readonly Recorded[]): Set<string> {
  return new Set(results.flatMap(({ hops }) => hops.flatMap((hop) => hop.address ?? [])));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
