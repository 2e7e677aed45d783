import type { TestAnalysis } from '../../model/analysis.ts';
import { timelineMarks, timelineSlotSeconds } from '../../model/dailyTimeline.ts';
import { isOverdue } from '../../model/overdue.ts';
import { daySeconds } from '../../model/time.ts';

const slotCount = daySeconds / timelineSlotSeconds;

/**
 * The day before `dayTo` (a multiple of the slot, epoch seconds) as text. Each slot shows the most
 * important mark of its traces. A slot without a trace is marked as missing only where the traces
 * around it are so far apart that one is overdue.
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
  markGaps(analysis, from, dayTo, putMark);
  const hasAnswers = analysis.variants.some(({ reached }) => reached);
  let before: string | null = null;
  for (const { at, variant, reached } of analysis.series) {
    const isInside = at >= from && at < dayTo;
    if (isInside && hasAnswers && !reached) putMark(at, timelineMarks.unreached);
    else if (isInside) putMark(at, variant === before ? timelineMarks.same : variantMark(variant));
    before = isInside ? variant : null;
  }
  for (const { at } of analysis.failures)
    if (at >= from && at < dayTo) putMark(at, timelineMarks.failed);
  return marks.join('');
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

function markGaps(
  { series, failures, test }: TestAnalysis,
  from: number,
  to: number,
  putMark: (at: number, mark: string) => void,
): void {
  const intervalSeconds = test.intervalSeconds ?? timelineSlotSeconds;
  const resultTimes: number[] = [];
  for (const { at } of series) if (at >= from && at < to) resultTimes.push(at);
  for (const { at } of failures) if (at >= from && at < to) resultTimes.push(at);
  let last = from;
  for (const at of [...resultTimes.sort((a, b) => a - b), to]) {
    if (isOverdue(at - last, intervalSeconds)) {
      for (let gap = last + timelineSlotSeconds; gap < at; gap += timelineSlotSeconds) {
        putMark(gap, timelineMarks.missing);
      }
      if (last === from) putMark(from, timelineMarks.missing);
    }
    last = at;
  }
}
