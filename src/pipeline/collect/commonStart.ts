import type { Problem } from '../../model/run/problem.ts';
import type { Interval } from '../../model/trace/trace.ts';
import { daySeconds, hourSeconds } from '../../model/values/time.ts';
import { formatTime } from '../../sources/esmond/resultFaults.ts';
import type { Store } from '../../store/store.ts';

/** Fewer tests may begin together by chance. */
const minTests = 5;
/** Share of the tests that have to begin together. */
const minShare = 0.8;
/** Tests that begin within this time begin together, seconds. */
const togetherSeconds = hourSeconds;
/** A later run believes that the tests did begin then, seconds. */
const doubtSeconds = daySeconds;

/**
 * The moment within the window at which nearly all tests of an archive seem to begin; null if there
 * is none, or if it is more than a day ago. `firstTracesAt`: start of the first trace of each test,
 * epoch seconds. A new mesh begins like this. So does an elmond without one of its indices: it
 * hides the results in there and reports no error.
 */
export function findCommonStart(
  firstTracesAt: readonly number[],
  { from, to }: Interval,
): number | null {
  const starts = firstTracesAt.toSorted((a, b) => a - b);
  const [first] = starts;
  if (first === undefined || starts.length < minTests) return null;
  const together = starts.filter((at) => at - first <= togetherSeconds);
  const isCommon = together.length >= minShare * starts.length;
  return isCommon && first - from > togetherSeconds && to - first <= doubtSeconds ? first : null;
}

/**
 * If nearly all tests seem to begin at one moment, records that the time before has to be read
 * again, and returns a warning.
 */
export function doubtCommonStart(archive: string, store: Store, window: Interval): Problem[] {
  const tests = store
    .tests()
    .filter((test) => test.archive === archive && test.firstTraceAt !== null);
  const start = findCommonStart(
    tests.map(({ firstTraceAt }) => firstTraceAt ?? 0),
    window,
  );
  if (start === null) return [];
  const before = { from: window.from, to: start - 1 };
  store.markUnread(
    tests.map(({ id }) => id),
    before,
  );
  return [
    {
      kind: 'invalid-response',
      subject: archive,
      message: `All tests seem to begin on ${formatTime(start)}, so older results may be hidden.`,
      remedy:
        'If the mesh is older, an index of OpenSearch is missing on the archive; see "psarchive troubleshoot". pstrace asks again for a day.',
    },
  ];
}
