import type { Problem } from '../../model/problem.ts';

/** What can be wrong with single results of a test. */
export type FaultName = 'damaged' | 'future' | 'early' | 'twins' | 'crowded';

/** How often a fault was met, and the first of them. */
interface FaultCount {
  readonly count: number;
  readonly example: string;
}

/** What went wrong while one test was read, so that it is told once and not a thousand times. */
export interface ResultFaults {
  /** Counts a fault; the example of the first one is kept. */
  record(name: FaultName, example: string): void;
  /** Takes over what others noted. */
  merge(others: ResultFaults): void;
  /** What was noted, by name. */
  recorded(): ReadonlyMap<FaultName, FaultCount>;
  /** Keeps why an event type beside the traces could not be read. */
  recordMissing(eventType: string, error: Error): void;
  /** One problem for each kind of fault. */
  problems(subject: string): Problem[];
}

const faultTexts: Readonly<Record<FaultName, readonly [what: string, remedy: string | null]>> = {
  damaged: ['cannot be read and were left out', null],
  future: ['lie after the end of the time asked for and were left out', 'Check the clocks.'],
  early: ['lie before the time asked for and were left out', null],
  twins: [
    'come from two hosts that measure under one key of the archive',
    'Give each test its own source in the configuration of the mesh.',
  ],
  crowded: ['stand for seconds with more results than the archive gives out', null],
};

/** No faults yet. */
export function createResultFaults(): ResultFaults {
  const recorded = new Map<FaultName, FaultCount>();
  const missing = new Map<string, Error>();
  const add = (name: FaultName, { count, example }: FaultCount) => {
    const known = recorded.get(name);
    recorded.set(name, known ? { ...known, count: known.count + count } : { count, example });
  };
  return {
    record: (name, example) => add(name, { count: 1, example }),
    recorded: () => recorded,
    merge: (others) => {
      for (const [name, fault] of others.recorded()) add(name, fault);
    },
    recordMissing: (eventType, error) => missing.set(eventType, error),
    problems: (subject) => [
      ...[...recorded].map(([name, { count, example }]) => {
        const [what, remedy] = faultTexts[name];
        const message = `Results that ${what}: ${count}, the first ${example}.`;
        return { kind: 'invalid-response' as const, subject, message, remedy };
      }),
      ...[...missing].map(([eventType, { message }]) => ({
        kind: 'invalid-response' as const,
        subject,
        message: `The traces were read, but not the ${eventType} of this test: ${message}`,
        remedy: null,
      })),
    ],
  };
}

/** Epoch seconds as people read them; the bare value where it is no time. */
export function formatTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().replace('.000Z', 'Z');
}
