import { jsonObject } from '../../lib/jsonObject.ts';
import { renameFields, type Upgrade } from '../../model/values/renameFields.ts';
import {
  renameChange,
  renameFinding,
  renameIncident,
  renameIncidentState,
  renameMeshState,
  renameMessageState,
  renameNotices,
  renameRun,
} from '../db/renamedFields.ts';

/** The first version with the current names. */
const currentNamesVersion = 3;
/** The first version whose problems quote no other party, file or recipient. */
const ownWordsVersion = 4;

/** By the kind of a line in versions 1 and 2: its kind now, and how its fields changed. */
const upgrades: ReadonlyMap<unknown, { readonly record?: string; readonly fields?: Upgrade }> =
  new Map(
    Object.entries({
      period: { record: 'routePeriod' },
      testState: {
        fields: renameFields({ settledUntil: 'finalizedUntil', forgottenUntil: 'prunedUntil' }),
      },
      run: { fields: renameFields({}, { run: renameRun }) },
      pastDetection: { record: 'detectionCheckpoint' },
      late: { record: 'lateArrival' },
      mesh: { record: 'meshState', fields: renameFields({}, { name: renameMeshState }) },
      finding: { record: 'pendingFinding', fields: renameFields({}, { finding: renameFinding }) },
      change: { fields: renameFields({}, { change: renameChange }) },
      incident: {
        fields: renameFields({}, { incident: renameIncident, engine: renameIncidentState }),
      },
      message: {
        fields: renameFields(
          { tells: 'notices', settledAt: 'finishedAt' },
          { tells: renameNotices, state: renameMessageState },
        ),
      },
    }),
  );

/**
 * The line of an export of any version, as the current version writes it. Takes the parsed line,
 * before it is checked: it may be any JSON value.
 */
export function upgradeRecord(line: unknown, version: number): unknown {
  if (version >= ownWordsVersion) return line;
  if (typeof line !== 'object' || line === null || !('record' in line)) return line;
  const named = version < currentNamesVersion ? renameRecord(line) : line;
  return named.record === 'run' ? withoutQuotations(named) : named;
}

function renameRecord(line: { readonly record: unknown }): { readonly record: unknown } {
  const { record = line.record, fields } = upgrades.get(line.record) ?? {};
  return { ...((fields?.(line) ?? line) as object), record };
}

/** A run whose problems keep their kind only, as after the migration of a database. */
function withoutQuotations(line: { readonly record: unknown }): { readonly record: unknown } {
  const { run } = line as { readonly run?: unknown };
  const { problems } = jsonObject(run);
  if (!Array.isArray(problems)) return line;
  const plain = problems.map((problem: unknown) => ({
    kind: jsonObject(problem).kind,
    subject: 'earlier version',
    message: 'An earlier version of pstrace met a problem; its log has the details.',
    remedy: null,
  }));
  return { ...line, run: { ...jsonObject(run), problems: plain } } as { readonly record: unknown };
}
