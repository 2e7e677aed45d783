import { renameFields, renameTexts, upgradeEach } from '../../model/values/renameFields.ts';

/**
 * Fields that database version 7 and export version 3 renamed. Migration 7 and the import of older
 * exports depend on these maps, so they are never edited.
 */

const renameVerdict = renameFields({ judgement: 'effect', measuredAt: 'measuredTo' });

const renameEvidence = renameFields({
  left: 'removed',
  came: 'added',
  leftLinks: 'removedLinks',
  systems: 'asns',
  around: 'adjacent',
});

/** A change of a test. */
export const renameChange = renameFields(
  { judgedAt: 'reassessedAt' },
  { verdict: renameVerdict, evidence: renameEvidence },
);

/** A finding that is not part of an incident yet. */
export const renameFinding = renameFields(
  {},
  {
    kind: renameTexts({ judged: 'reassessed' }),
    change: renameChange,
    verdict: renameVerdict,
  },
);

/** An incident. */
export const renameIncident = renameFields({ course: 'status', unaffected: 'unaffectedTests' });

/** State of the grouping of changes for an incident. */
export const renameIncidentState = renameFields({ left: 'removed', came: 'added' });

/** The incidents that a message reported. */
export const renameNotices = upgradeEach(renameFields({ as: 'kind' }));

/** The state of a message in the outbox. */
export const renameMessageState = renameTexts({ 'given up': 'failed' });

/** The name of a state that concerns the whole mesh. */
export const renameMeshState = renameTexts({ silence: 'testActivity' });

/** The record of a run. */
export const renameRun = renameFields(
  {},
  { outcome: renameTexts({ good: 'ok', problems: 'partial', nothing: 'failed' }) },
);
