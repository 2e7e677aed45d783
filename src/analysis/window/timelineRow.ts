import { pairs, range } from 'd3-array';
import type { TestAnalysis } from '../../model/site/analysis.ts';
import { timelineMarks, timelineSlotSeconds } from '../../model/site/dailyTimeline.ts';
import { isOverdue } from '../../model/test/overdue.ts';
import { daySeconds } from '../../model/values/time.ts';

const slotCount = daySeconds / timelineSlotSeconds;

/**
 * The day before `dayTo` (a multiple of the slot, epoch seconds) as text. Each slot shows the most
 * important mark of its traces. A slot without a trace is marked as missing only where the traces
 * around it are so far apart that one is overdue. The analysis knows nothing of the time before its
 * window, so that stays blank.
 */
export function buildTimelineRow(analysis: TestAnalysis, dayTo: number): string {
  const from = dayTo - daySeconds;
  const marks: string[] = new Array(slotCount).fill(timelineMarks.none);
  const slotAt = (at: number) => Math.floor((at - from) / timelineSlotSeconds);
  const putMark = (at: number, mark: string) => {
    const slot = slotAt(at);
    const old = marks[slot];
    if (old !== undefined && priority(mark) > priority(old)) marks[slot] = mark;
  };
  const isInside = ({ at }: { readonly at: number }) => at >= from && at < dayTo;
  const series = analysis.series.filter(isInside);
  const failures = analysis.failures.filter(isInside);
  const intervalSeconds = analysis.test.intervalSeconds ?? timelineSlotSeconds;
  const resultTimes = [...series, ...failures].map(({ at }) => at).sort((a, b) => a - b);
  const knownFrom = Math.max(from, analysis.window.from);
  for (const gap of findGaps([knownFrom, ...resultTimes, dayTo], intervalSeconds)) {
    putMark(gap, timelineMarks.missing);
  }
  markTraces(series, analysis.answers, putMark);
  for (const { at } of failures) putMark(at, timelineMarks.failed);
  return marks.join('');
}

/** Marks the traces of the day; `hasAnswers`: the destination is known to answer. */
function markTraces(
  series: TestAnalysis['series'],
  hasAnswers: boolean,
  putMark: (at: number, mark: string) => void,
): void {
  let before: string | null = null;
  for (const { at, variant, reached } of series) {
    if (hasAnswers && !reached) putMark(at, timelineMarks.unreached);
    else putMark(at, variant === before ? timelineMarks.same : variantMark(variant));
    before = variant;
  }
}

function variantMark(variant: string): string {
  return variant.length === 1 ? variant : timelineMarks.further;
}

/** Of several marks in one slot, the one with the highest priority shows. */
const priorities: ReadonlyMap<string, number> = new Map([
  [timelineMarks.none, 0],
  [timelineMarks.missing, 1],
  [timelineMarks.same, 2],
  [timelineMarks.failed, 4],
  [timelineMarks.unreached, 5],
]);

/** Letters of routes lie between the others. */
function priority(mark: string): number {
  return priorities.get(mark) ?? 3;
}

/**
 * The times, a slot apart, at which a trace is missing. `times`: the start of the day, its results
 * in order, and its end.
 */
function findGaps(times: readonly number[], intervalSeconds: number): number[] {
  const gaps = pairs(times).filter(([last, at]) => isOverdue(at - last, intervalSeconds));
  return gaps.flatMap(([last, at]) => {
    const first = last === times[0] ? last : last + timelineSlotSeconds;
    return range(first, at, timelineSlotSeconds);
  });
}
