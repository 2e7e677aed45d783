import type { Change, ChangeClass, Severity, Verdict } from '../../model/change.ts';
import { compareText } from '../ordering.ts';

/** What the detection has to tell, before it is known which incident it belongs to. Plain JSON. */
export type Finding =
  | {
      readonly kind: 'change';
      readonly change: Change;
      /** What it has in common with others of the same cause, where the change itself does not tell: names as in `Evidence`. */
      readonly elements: readonly string[];
    }
  /** What a test had open of some classes is normal now. */
  | {
      readonly kind: 'accepted';
      readonly testId: string;
      /** Epoch seconds. */
      readonly at: number;
      readonly classes: readonly ChangeClass[];
    }
  /** What a change did is known better, and so how much it matters. */
  | {
      readonly kind: 'reassessed';
      readonly testId: string;
      readonly changeId: string;
      /** Epoch seconds. */
      readonly at: number;
      readonly verdict: Verdict;
      readonly severity: Severity;
    };

/** Classes of which a test has at most one at a time, for they all tell of its route: one recovery ends them all. */
export const routeClasses: readonly ChangeClass[] = [
  'unreachable',
  'inter_as',
  'intra_as',
  'flap',
  'same_site',
];

/** In the order in which findings are taken into incidents: by time, then by test, then as they were found. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) => findingTime(a) - findingTime(b) || compareText(findingTestId(a), findingTestId(b)),
  );
}

/** When a finding was made, epoch seconds. */
export function findingTime(finding: Finding): number {
  return finding.kind === 'change' ? finding.change.detectedAt : finding.at;
}

/** The test that a finding is about, by its id. */
export function findingTestId(finding: Finding): string {
  return finding.kind === 'change' ? finding.change.testId : finding.testId;
}

/** The changes among some findings. */
export function changesIn(findings: readonly Finding[]): Change[] {
  return findings.flatMap((finding) => (finding.kind === 'change' ? finding.change : []));
}
