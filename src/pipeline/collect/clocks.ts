import { formatDuration, pluralize } from '../../model/format.ts';
import type { Problem } from '../../model/problem.ts';
import type { ArchiveConnection } from '../../sources/types.ts';

/** The clock of this host, compared with those of the archives. */
export interface ClockCheck {
  /** All archives with a known time disagree with this host, so its clock is not trusted. */
  readonly isHostClockWrong: boolean;
  /** Wrong clocks. They recur until corrected, and lose no results. */
  readonly warnings: readonly Problem[];
}

/** Larger than a response may take (a minute) plus the usual offset of clocks (seconds). */
const maxSkewSeconds = 600;

/** Compares the clock of this host with those of the archives that have answered. */
export function compareClocks(
  archives: readonly Pick<ArchiveConnection, 'id' | 'clock'>[],
): ClockCheck {
  const readings = archives.flatMap(({ id, clock: { offsetSeconds } }) =>
    offsetSeconds === null ? [] : [{ id, offsetSeconds }],
  );
  const deviating = readings.filter(
    ({ offsetSeconds }) => Math.abs(offsetSeconds) > maxSkewSeconds,
  );
  const [first] = deviating;
  if (first === undefined) return { isHostClockWrong: false, warnings: [] };
  if (deviating.length < readings.length)
    return { isHostClockWrong: false, warnings: deviating.map(archiveClockWarning) };
  const othersText =
    deviating.length === 1 ? '' : ` and ${pluralize(deviating.length - 1, 'more archive')}`;
  const problem: Problem = {
    kind: 'misconfigured',
    subject: 'clock',
    message: `The clock of this host is ${formatDuration(Math.abs(first.offsetSeconds))} ${first.offsetSeconds > 0 ? 'behind' : 'ahead of'} that of ${first.id}${othersText}.`,
    remedy: 'Correct it, for example with NTP. Until then pstrace reports no test as silent.',
  };
  return { isHostClockWrong: true, warnings: [problem] };
}

function archiveClockWarning({
  id,
  offsetSeconds,
}: {
  readonly id: string;
  readonly offsetSeconds: number;
}): Problem {
  return {
    kind: 'misconfigured',
    subject: id,
    message: `Its clock is ${formatDuration(Math.abs(offsetSeconds))} ${offsetSeconds > 0 ? 'ahead of' : 'behind'} this host and the other archives.`,
    remedy: 'Ask its administrator to correct it. Its results may have wrong times.',
  };
}
