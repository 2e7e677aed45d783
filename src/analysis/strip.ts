import type { TestAnalysis } from '../model/analysis.ts';
import { stripMarks, stripSlotSeconds } from '../model/course.ts';
import { patienceIntervals } from './freshness.ts';

const slots = 86_400 / stripSlotSeconds;

/**
 * The day before `dayTo` (a multiple of the slot) as text: what each place shows is the most telling of its traces. A place
 * without a trace is missing only where the traces around it are further apart than 2.5 intervals.
 */
export function stripOf(analysis: TestAnalysis, dayTo: number): string {
  const from = dayTo - 86_400;
  const marks: string[] = new Array(slots).fill(stripMarks.none);
  const place = (at: number) => Math.floor((at - from) / stripSlotSeconds);
  const put = (at: number, mark: string) => {
    const slot = place(at);
    const old = marks[slot];
    if (old !== undefined && weight(mark) > weight(old)) marks[slot] = mark;
  };
  markGaps(analysis, from, dayTo, put);
  const answers = analysis.variants.some(({ reached }) => reached);
  let before: string | null = null;
  for (const { at, variant, reached } of analysis.series) {
    const isInside = at >= from && at < dayTo;
    if (isInside && answers && !reached) put(at, stripMarks.unreached);
    else if (isInside) put(at, variant === before ? stripMarks.same : letter(variant));
    before = isInside ? variant : null;
  }
  for (const { at } of analysis.failures) if (at >= from && at < dayTo) put(at, stripMarks.failed);
  return marks.join('');
}

function letter(variant: string): string {
  return variant.length === 1 ? variant : stripMarks.further;
}

/** Of several marks at one place the heaviest shows. */
const weights: ReadonlyMap<string, number> = new Map([
  [stripMarks.none, 0],
  [stripMarks.missing, 1],
  [stripMarks.same, 2],
  [stripMarks.failed, 4],
  [stripMarks.unreached, 5],
]);

/** Letters lie between the others. */
function weight(mark: string): number {
  return weights.get(mark) ?? 3;
}

function markGaps(
  { series, failures, test }: TestAnalysis,
  from: number,
  to: number,
  put: (at: number, mark: string) => void,
): void {
  const patience = patienceIntervals * (test.intervalSeconds ?? stripSlotSeconds);
  const runs: number[] = [];
  for (const { at } of series) if (at >= from && at < to) runs.push(at);
  for (const { at } of failures) if (at >= from && at < to) runs.push(at);
  let last = from;
  for (const at of [...runs.sort((a, b) => a - b), to]) {
    if (at - last > patience) {
      for (let gap = last + stripSlotSeconds; gap < at; gap += stripSlotSeconds) {
        put(gap, stripMarks.missing);
      }
      if (last === from) put(from, stripMarks.missing);
    }
    last = at;
  }
}
