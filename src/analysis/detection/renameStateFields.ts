import { renameFields, upgradeEach } from '../../model/values/renameFields.ts';

/** Names that version 4 of the stored detection state changed, part by part. Never edited. */

const renameObservation = renameFields({ nodes: 'devices', doors: 'ingressIndexes' });

const renameLinkChange = renameFields(
  { node: 'device', before: 'previousTtl', sightings: 'observations' },
  { sightings: upgradeEach(renameObservation) },
);

const renameDeviation = renameFields(
  { sighting: 'observation', regime: 'baselineId' },
  { sighting: renameObservation },
);

/** Positions have field names in version 2 only; version 3 stores them as tuples. */
const renamePosition = renameFields({ once: 'singletons', nodes: 'devices' });

const renameBaseline = renameFields(
  { held: 'explainedTraces', doors: 'ingressBits', endOnce: 'endSingletons' },
  { positions: upgradeEach(renamePosition) },
);

const renameRoute = renameFields(
  {
    regimes: 'baselines',
    short: 'shortTraces',
    base: 'usualBaselineId',
    nextRegime: 'nextBaselineId',
    turn: 'linkChange',
    detours: 'temporaryRoutes',
    calm: 'stableTraces',
  },
  {
    regimes: upgradeEach(renameBaseline),
    short: upgradeEach(renameObservation),
    deviations: upgradeEach(renameDeviation),
    turn: renameLinkChange,
  },
);

const renameReach = renameFields({
  told: 'reportedMisses',
  good: 'hitsInRow',
  partial: 'silentDestination',
});

const renamePerformance = renameFields({}, { loss: renameFields({ relief: 'recoveryEvidence' }) });

/** Gives a stored detection state of version 2 or 3 the field names of version 4. */
export const renameStateFields = renameFields(
  { nodes: 'devices', episode: 'pendingAlert' },
  { route: renameRoute, reach: renameReach, performance: renamePerformance },
);
