import { duration } from '../lib/duration.ts';
import type { Problem } from '../model/problem.ts';
import { counted } from '../notify/format.ts';
import type { Archive } from '../sources/esmond/archive.ts';

/** What the clocks of the archives tell of that of this host. */
export interface ClockFindings {
  /** Every archive that told the time disagrees with this host: what only its clock says is not to be believed. */
  readonly isDoubtful: boolean;
  /** They stay until somebody sets a clock right; all results came in. */
  readonly remarks: readonly Problem[];
}

/** Clocks differ by a few seconds, and an answer is under way for a minute at most. */
const toleratedSeconds = 600;

/** Compares the clock of this host with those of the archives that have answered. */
export function compareClocks(archives: readonly Pick<Archive, 'id' | 'clock'>[]): ClockFindings {
  const told = archives.flatMap(({ id, clock: { aheadSeconds } }) =>
    aheadSeconds === null ? [] : [{ id, aheadSeconds }],
  );
  const apart = told.filter(({ aheadSeconds }) => Math.abs(aheadSeconds) > toleratedSeconds);
  const [first] = apart;
  if (first === undefined) return { isDoubtful: false, remarks: [] };
  if (apart.length < told.length) return { isDoubtful: false, remarks: apart.map(archiveIsWrong) };
  const more = apart.length === 1 ? '' : ` and ${counted(apart.length - 1, 'more archive')}`;
  const problem: Problem = {
    kind: 'misconfigured',
    subject: 'clock',
    message: `The clock of this host is ${duration(Math.abs(first.aheadSeconds))} ${first.aheadSeconds > 0 ? 'behind' : 'ahead of'} that of ${first.id}${more}.`,
    remedy: 'Set it right, as by NTP; until then no test is said to have fallen silent.',
  };
  return { isDoubtful: true, remarks: [problem] };
}

function archiveIsWrong({
  id,
  aheadSeconds,
}: {
  readonly id: string;
  readonly aheadSeconds: number;
}): Problem {
  return {
    kind: 'misconfigured',
    subject: id,
    message: `Its clock is ${duration(Math.abs(aheadSeconds))} ${aheadSeconds > 0 ? 'ahead of' : 'behind'} that of this host and of the other archives.`,
    remedy: 'Ask its administrator to set it right; results may carry wrong times.',
  };
}
