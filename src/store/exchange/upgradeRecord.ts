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
  if (version >= currentNamesVersion) return line;
  if (typeof line !== 'object' || line === null || !('record' in line)) return line;
  const { record = line.record, fields } = upgrades.get(line.record) ?? {};
  return { ...((fields?.(line) ?? line) as object), record };
}
