import { blankChange } from '../../../model/change/blankChange.ts';
import type { Change } from '../../../model/change/change.ts';
import { hourSeconds } from '../../../model/values/time.ts';
import type { Finding } from '../finding.ts';
import type { GradedMesh } from './gradedMesh.ts';
import type { MeshState, UnconfirmedOutage } from './meshState.ts';

/** So many tests that lose one device confirm each other. */
const minTests = 3;
/** They lose it within this long, or within so many intervals of the slowest. */
const togetherSeconds = hourSeconds / 2;
const togetherIntervals = 1.7;

/**
 * Replaces unconfirmed outages by changes once enough tests lost the same device together, and
 * their ends by recoveries. The outages of other findings pass, unless they were confirmed before.
 */
export function confirmOutages(state: MeshState, finding: Finding, mesh: GradedMesh): Finding[] {
  switch (finding.kind) {
    case 'unconfirmed':
      return confirm(state, finding.change, mesh);
    case 'dismissed':
      return dismiss(state, finding.testId, finding.at);
    case 'change':
      return passOwn(state, finding);
    default:
      return [finding];
  }
}

function confirm({ outages }: MeshState, change: Change, mesh: GradedMesh): Finding[] {
  const { testId, detectedAt } = change;
  if (outages[testId]?.isConfirmed) return [];
  outages[testId] = { change, isConfirmed: false };
  const group = Object.values(outages).filter((other) => isOneOutage(change, other.change, mesh));
  if (group.length < minTests) return [];
  return group.flatMap((outage) => (outage.isConfirmed ? [] : [confirmed(outage, detectedAt)]));
}

function confirmed(outage: UnconfirmedOutage, at: number): Finding {
  outage.isConfirmed = true;
  const { change } = outage;
  const { id, detectedAt } = blankChange(change.testId, change.class, change.severity, at);
  return { kind: 'change', change: { ...change, id, detectedAt }, elements: [] };
}

function isOneOutage(a: Change, b: Change, mesh: GradedMesh): boolean {
  const intervals = [a, b].map(({ testId }) => mesh.testOf(testId).intervalSeconds);
  const together = Math.max(togetherSeconds, togetherIntervals * Math.max(...intervals));
  if (Math.abs(a.onset.by - b.onset.by) > together) return false;
  return a.evidence.removed.some((device) => b.evidence.removed.includes(device));
}

function dismiss({ outages }: MeshState, testId: string, at: number): Finding[] {
  const outage = outages[testId];
  delete outages[testId];
  if (!outage?.isConfirmed) return [];
  const recovery = blankChange(testId, 'recovered', 'info', at);
  const { toAsPath } = outage.change;
  const change: Change = { ...recovery, closes: ['unreachable'], toAsPath };
  return [{ kind: 'change', change, elements: [] }];
}

/** The test itself found the outage, or its end: nothing is left to confirm. */
function passOwn({ outages }: MeshState, finding: Extract<Finding, { kind: 'change' }>): Finding[] {
  const { testId, class: changeClass, closes } = finding.change;
  const isOutage = changeClass === 'unreachable';
  if (!isOutage && !closes.includes('unreachable')) return [finding];
  const wasConfirmed = outages[testId]?.isConfirmed ?? false;
  delete outages[testId];
  return isOutage && wasConfirmed ? [] : [finding];
}
