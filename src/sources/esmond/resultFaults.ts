import type { ExpectedError } from '../../lib/errors.ts';
import type { Problem } from '../../model/run/problem.ts';

/** Kinds of faults of single results. */
export type FaultName = 'invalid' | 'crowded' | 'future' | 'early' | 'mixedSources' | 'truncated';

/** The number of faults of one kind, and the first of them. */
interface FaultCount {
  readonly count: number;
  readonly example: string;
}

/** Collects the faults of one test, so that each kind is reported once. */
export interface ResultFaults {
  /** Counts a fault. The first example of a kind is reported. */
  record(name: FaultName, example: string): void;
  /** Adds the faults of another collection. */
  merge(others: ResultFaults): void;
  /** The recorded faults by kind. */
  recorded(): ReadonlyMap<FaultName, FaultCount>;
  /** Records why an event type other than the traces could not be read. */
  recordMissing(eventType: string, error: ExpectedError): void;
  /** One problem for each kind of fault. */
  problems(subject: string): Problem[];
}

const faultTexts: Readonly<Record<FaultName, readonly [summary: string, remedy: string | null]>> = {
  invalid: ['Ignored invalid results', null],
  crowded: ['Ignored results with more addresses than a test can have', null],
  future: ['Ignored results from after the requested interval', 'Check the clocks.'],
  early: ['Ignored results from before the requested interval', null],
  mixedSources: [
    'Results of two hosts under one key of the archive',
    'Give each test its own source in the configuration of the mesh.',
  ],
  truncated: ['Seconds with more results than the archive sends', null],
};

/** An empty collection. */
export function createResultFaults(): ResultFaults {
  const recorded = new Map<FaultName, FaultCount>();
  const missing = new Map<string, ExpectedError>();
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
        const [summary, remedy] = faultTexts[name];
        const message = `${summary}: ${count}, the first ${example}.`;
        return { kind: 'invalid-response' as const, subject, message, remedy };
      }),
      ...[...missing].map(([eventType, { message, detail }]) => ({
        kind: 'invalid-response' as const,
        subject,
        message: `pstrace could read the traces of this test, but not its ${eventType}: ${message}`,
        remedy: null,
        detail,
      })),
    ],
  };
}

/** Epoch seconds as ISO 8601; the number itself if it is not a valid time. */
export function formatTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().replace('.000Z', 'Z');
}
