import type { Change, ChangeClass, Verdict } from '../../model/change/change.ts';
import type { Grading } from '../../model/change/grading.ts';
import { compareText } from '../ordering.ts';

/** A result of the detection, before it is known which incident it belongs to. Plain JSON. */
export type Finding =
  | {
      readonly kind: 'change';
      readonly change: Change;
      /**
       * Elements in common with others of the same cause that the change itself does not name;
       * names as in `Evidence`.
       */
      readonly elements: readonly string[];
    }
  /** A change that other tests have to confirm before it is one, and the end of such a change. */
  | { readonly kind: 'unconfirmed'; readonly change: Change }
  | { readonly kind: 'dismissed'; readonly testId: string; readonly at: number }
  /**
   * The open changes of a test in some classes became the new baseline, or were `withdrawn`: late
   * results do not show them.
   */
  | {
      readonly kind: 'accepted' | 'withdrawn';
      readonly testId: string;
      /** Epoch seconds. */
      readonly at: number;
      readonly classes: readonly ChangeClass[];
    }
  /** Other tests confirm or contradict a change. */
  | {
      readonly kind: 'regraded';
      readonly testId: string;
      readonly changeId: string;
      /** Epoch seconds. */
      readonly at: number;
      readonly confidence: number | null;
      readonly grading: Grading;
    }
  /** The effect of a change, and thus its severity, is known better. */
  | {
      readonly kind: 'reassessed';
      readonly testId: string;
      readonly changeId: string;
      /** Epoch seconds. */
      readonly at: number;
      readonly verdict: Verdict;
    };

/**
 * Classes in which a test has at most one open change: all concern its route, and one recovery ends
 * them all.
 */
export const routeClasses: readonly ChangeClass[] = [
  'unreachable',
  'inter_as',
  'intra_as',
  'flap',
  'same_site',
];

/** Sorts findings as incidents take them in: by time, then by test, then in the order found. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) => findingTime(a) - findingTime(b) || compareText(findingTestId(a), findingTestId(b)),
  );
}

/** The time of a finding, epoch seconds. */
export function findingTime(finding: Finding): number {
  return 'change' in finding ? finding.change.detectedAt : finding.at;
}

/** The id of the test that a finding concerns. */
export function findingTestId(finding: Finding): string {
  return 'change' in finding ? finding.change.testId : finding.testId;
}

/** The changes among some findings. */
export function changesIn(findings: readonly Finding[]): Change[] {
  return findings.flatMap((finding) => (finding.kind === 'change' ? finding.change : []));
}
