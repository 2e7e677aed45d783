import type { Change, Severity } from '../../model/change/change.ts';
import { isUnsure } from '../../model/change/grading.ts';

/** The facts that decide about the severity of a change of route or an outage. */
export type SeverityInput = Pick<
  Change,
  'class' | 'routeChange' | 'verdict' | 'evidence' | 'confidence'
>;

/**
 * The severity of a change of route or an outage: by its class, by how far the routes differ, and
 * by whether it made things worse; info while it is unsure.
 */
export function severityOf(change: SeverityInput): Severity {
  if (change.class === 'same_site' || isUnsure(change)) return 'info';
  return change.verdict.lossAfterPct === 100 ? outageSeverity(change) : routeSeverity(change);
}

function outageSeverity({ evidence }: SeverityInput): Severity {
  return evidence.removed.length > 0 ? 'critical' : 'major';
}

function routeSeverity({ class: changeClass, routeChange, verdict }: SeverityInput): Severity {
  const isBetweenAses = changeClass === 'inter_as' || routeChange?.level === 'inter_as';
  return isBetweenAses && verdict.effect === 'worse' ? 'major' : 'moderate';
}
