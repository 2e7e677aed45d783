import type { Line } from '../../lib/lines.ts';
import type { Tables } from '../tables.ts';
import { Damage } from './damage.ts';
import { alertTakers } from './readAlerts.ts';
import { recordSchema, type StoreRecord, type TakersOf } from './records.ts';
import { openSection, type Section } from './section.ts';
import { refuseNewer } from './version.ts';

/** A line that was skipped, and why. */
export interface DamagedLine {
  readonly line: number;
  readonly reason: string;
}

/** What an import has come to. */
export interface Imported {
  readonly records: number;
  /** Traces that were not there yet. */
  readonly newTraces: number;
  /** The export was read to its end, and nothing of it is missing. */
  readonly complete: boolean;
}

/** Takes in the lines of an export. */
export interface Importer {
  /** Takes in the next lines as one transaction; returns those that were skipped. */
  take(lines: readonly Line[]): DamagedLine[];
  imported(): Imported;
}

/**
 * Begins an import. What is known already stays: the same lines once more change nothing, and what an import that was
 * killed lacks comes with the next. Throws `ExpectedError` when it meets an export of a newer version.
 */
export function importInto(tables: Tables): Importer {
  const section = openSection(tables);
  const takers = takersOf(tables, section);
  let [records, complete] = [0, false];
  /** A line of the test in hand is missing: not everything that was read of its archive is there. */
  let damagedTest = false;

  function takeLine(text: string | null): void {
    const record = parsed(text);
    if (record.record === 'test') damagedTest = false;
    if (record.record === 'end') complete = record.records === records;
    if (record.record !== 'coverage' || !damagedTest) {
      (takers[record.record] as (record: StoreRecord) => void)(record);
    }
    records += 1;
  }

  return {
    take: (lines) =>
      tables.transaction(() => {
        const damaged: DamagedLine[] = [];
        for (const { number, text } of lines) {
          try {
            takeLine(text);
          } catch (error) {
            if (!(error instanceof Damage)) throw error;
            damagedTest = true;
            damaged.push({ line: number, reason: error.message });
          }
        }
        section.flush();
        return damaged;
      }),
    imported: () => ({ records, newTraces: section.added(), complete }),
  };
}

function parsed(text: string | null): StoreRecord {
  if (text === null) throw new Damage('it is longer than any line of an export, or not UTF-8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Damage('it is not JSON');
  }
  const { success, data, error } = recordSchema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  throw new Damage(`${issue?.path.join('.') || 'record'}: ${issue?.message}`);
}

type Takers = TakersOf<StoreRecord['record']>;

/** What each kind of line does to the tables. */
function takersOf(tables: Tables, section: Section): Takers {
  const { responders, tests, failures, periods, covered, settled } = tables;
  return {
    pstrace: ({ version }) => refuseNewer(version),
    responder({ record: _, ...responder }) {
      if (!responders.isKnown(responder.address)) responders.learn(responder);
    },
    test({ record: _, firstSeenAt, lastListedAt, ...test }) {
      tests.upsert(test, firstSeenAt);
      tests.upsert(test, lastListedAt);
      section.begin(test.id);
    },
    route: section.takeRoute,
    trace: section.takeTrace,
    failure: ({ test, at, error }) => failures.append(section.numberOf(test), [{ at, error }]),
    period({ record: _, test, ...period }) {
      const number = section.numberOf(test);
      const span = { from: period.from, to: period.to + 0.001 };
      if (!periods.touches(number, span)) periods.replace(number, span, [period]);
    },
    coverage: ({ test, from, to }) => covered.add(section.numberOf(test), { from, to }),
    testState({ record: _, test, watchedSince, policy, ...known }) {
      section.flush();
      settled.restore(section.numberOf(test), known);
      if (watchedSince !== null) tables.detections.watchFrom(test, watchedSince);
      if (policy !== null) tables.detections.setPolicy(test, policy);
    },
    ...alertTakers(tables, (test) => void section.numberOf(test)),
    archive: ({ id, listedUntil }) => tables.archives.add(id, listedUntil),
    run: ({ number, run }) => tables.runs.add(number, run),
    end() {},
  };
}
