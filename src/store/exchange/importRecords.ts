import type { TextLine } from '../../lib/lines.ts';
import { failureReasonOf } from '../../model/trace/failureReason.ts';
import type { Tables } from '../tables.ts';
import { rejectNewer } from './exportVersion.ts';
import { createAlertHandlers } from './importAlertRecords.ts';
import { InvalidRecordError } from './invalidRecord.ts';
import { type RecordHandlers, recordSchema, type StoreRecord } from './recordSchemas.ts';
import { createTestSection, type TestSection } from './testSection.ts';
import { upgradeRecord } from './upgradeRecord.ts';

/** A skipped line and the reason. */
export interface SkippedLine {
  readonly line: number;
  readonly reason: string;
}

/** The result of an import. */
export interface ImportSummary {
  readonly records: number;
  /** Number of traces that were not stored before. */
  readonly newTraces: number;
  /** The export was imported to its end, without gaps. */
  readonly complete: boolean;
}

/** Imports the lines of an export. */
export interface Importer {
  /** Imports the next lines in one transaction; returns the skipped ones. */
  importLines(lines: readonly TextLine[]): SkippedLine[];
  summary(): ImportSummary;
}

/**
 * Starts an import. Stored values stay: a second import of the same lines changes nothing, and one
 * after an import that was killed adds the rest. `importLines` throws `ExpectedError` for an export
 * of a newer version.
 */
export function createImporter(tables: Tables): Importer {
  const section = createTestSection(tables);
  const handlers = createHandlers(tables, section);
  let records = 0;
  let complete = false;
  /** From the first line. The oldest until then: an upgrade keeps the facts of a current line. */
  let version = 1;
  /** A line of the current test was skipped, so its coverage would claim too much. */
  let isTestIncomplete = false;

  function importLine(text: string | null): void {
    const record = parseRecord(text, version);
    if (record.record === 'pstrace') version = record.version;
    if (record.record === 'test') isTestIncomplete = false;
    if (record.record === 'end') complete = record.records === records;
    if (record.record !== 'coverage' || !isTestIncomplete) {
      (handlers[record.record] as (record: StoreRecord) => void)(record);
    }
    records += 1;
  }

  return {
    importLines: (lines) =>
      tables.transaction(() => {
        const skipped: SkippedLine[] = [];
        for (const { number, text } of lines) {
          try {
            importLine(text);
          } catch (error) {
            if (!(error instanceof InvalidRecordError)) throw error;
            isTestIncomplete = true;
            skipped.push({ line: number, reason: error.message });
          }
        }
        section.flush();
        return skipped;
      }),
    summary: () => ({ records, newTraces: section.added(), complete }),
  };
}

function parseRecord(text: string | null, version: number): StoreRecord {
  if (text === null) throw new InvalidRecordError('it is too long or not UTF-8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidRecordError('it is not JSON');
  }
  const { success, data, error } = recordSchema.safeParse(upgradeRecord(value, version));
  if (success) return data;
  const [issue] = error.issues;
  throw new InvalidRecordError(`${issue?.path.join('.') || 'record'}: ${issue?.message}`);
}

type AllRecordHandlers = RecordHandlers<StoreRecord['record']>;

/** Stores each kind of line. */
function createHandlers(tables: Tables, section: TestSection): AllRecordHandlers {
  const { responders, tests, failures, routePeriods, coverage, finalized } = tables;
  return {
    pstrace: ({ version }) => rejectNewer(version),
    responder({ record: _, ...responder }) {
      responders.restore(responder);
    },
    alias: tables.aliases.add,
    nearAddress: ({ address, ttl }) => tables.nearAddresses.record(address, ttl),
    test({ record: _, firstSeenAt, lastListedAt, ...test }) {
      tests.upsert(test, firstSeenAt);
      tests.upsert(test, lastListedAt);
      section.begin(test.id);
    },
    route: section.addRoute,
    trace: section.addTrace,
    failure: ({ test, at, error }) =>
      failures.append(section.numberOf(test), [{ at, error: failureReasonOf(error) }]),
    routePeriod({ record: _, test, ...period }) {
      const number = section.numberOf(test);
      const span = { from: period.from, to: period.to + 0.001 };
      if (!routePeriods.overlaps(number, span)) routePeriods.replace(number, span, [period]);
    },
    coverage: ({ test, from, to }) => coverage.add(section.numberOf(test), { from, to }),
    testState({ record: _, test, watchedSince, policy, plannedAt, retired, ...state }) {
      section.flush();
      finalized.restore(section.numberOf(test), state);
      if (watchedSince !== null) tables.detectionStates.startWatching(test, watchedSince);
      if (policy !== null) tables.detectionStates.setPolicyState(test, policy);
      if (plannedAt !== null) tests.setPlannedAt(test, plannedAt);
      if (retired !== null) tests.setRetired(test, retired);
    },
    testName({ test, key }) {
      section.numberOf(test);
      section.numberOf(key);
      if (tests.find(key).sameAs === null) tests.setSameAs(key, test);
    },
    ...createAlertHandlers(tables, (test) => void section.numberOf(test)),
    archive: ({ id, listedUntil }) => tables.archives.add(id, listedUntil),
    run: ({ number, run }) => tables.runs.add(number, run),
    end() {},
  };
}
