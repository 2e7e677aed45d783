import { formatDuration, pluralize } from '../../model/format.ts';
import type { Problem } from '../../model/problem.ts';
import type { Archive } from '../../sources/types.ts';

/** What the clocks of the archives tell of that of this host. */
export interface ClockCheck {
  /** Every archive that told the time disagrees with this host: what only its clock says is not to be believed. */
  readonly isHostClockWrong: boolean;
  /** They stay until somebody sets a clock right; all results came in. */
  readonly warnings: readonly Problem[];
}

/** Clocks differ by a few seconds, and an answer is under way for a minute at most. */
const maxSkewSeconds = 600;

/** Compares the clock of this host with those of the archives that have answered. */
export function compareClocks(archives: readonly Pick<Archive, 'id' | 'clock'>[]): ClockCheck {
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
    remedy: 'Set it right, as by NTP; until then no test is said to have fallen silent.',
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
    message: `Its clock is ${formatDuration(Math.abs(offsetSeconds))} ${offsetSeconds > 0 ? 'ahead of' : 'behind'} that of this host and of the other archives.`,
    remedy: 'Ask its administrator to set it right; results may carry wrong times.',
  };
}
