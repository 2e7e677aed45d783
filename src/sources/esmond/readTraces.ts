import { ExpectedError } from '../../lib/errors.ts';
import { isUnanswered } from '../../lib/http/httpError.ts';
import type { Problem } from '../../model/problem.ts';
import type { Interval } from '../../model/trace.ts';
import type { ReadableTest, ResultBatch } from '../types.ts';
import type { ArchiveApi } from './archiveApi.ts';
import { readExtras } from './extras.ts';
import type { UnreadableSpan } from './readSpan.ts';
import { createResultFaults, formatTime, type ResultFaults } from './resultFaults.ts';
import { createTraceReader } from './traceReader.ts';

const day = 86_400;
/** Results that one request should bring: well below the 1000 at which archives cut off in silence. */
const targetResults = 600;
const minSliceSeconds = 3600;
const maxSliceSeconds = 14 * day;

/**
 * The results of a test in a window, oldest first. What is wrong with single results comes as problems of the last batch.
 * Throws an `ExpectedError` when the archive fails, after everything good was yielded.
 */
export async function* readTraces(
  api: ArchiveApi,
  test: ReadableTest,
  window: Interval,
): AsyncGenerator<ResultBatch> {
  const faults = createResultFaults();
  const unreadable: UnreadableSpan[] = [];
  const problems = () => [...faults.problems(test.id), ...unreadableProblems(test.id, unreadable)];
  let previous: ResultBatch | null = null;
  try {
    for await (const batch of readSlices(api, test, window, faults, unreadable)) {
      if (previous !== null) yield previous;
      previous = batch;
    }
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    if (previous !== null) yield { ...previous, problems: problems() };
    throw isUnanswered(error) ? error : withSubject(test.id, error);
  }
  const [problem] = problems();
  if (previous !== null) yield { ...previous, problems: problems() };
  else if (problem !== undefined) throw new ExpectedError(problem);
}

async function* readSlices(
  api: ArchiveApi,
  test: ReadableTest,
  window: Interval,
  faults: ResultFaults,
  unreadable: UnreadableSpan[],
): AsyncGenerator<ResultBatch> {
  const read = createTraceReader(api, test);
  let sliceSeconds = day;
  for (let from = window.from; from <= window.to; ) {
    const slice = sliceOf(from, sliceSeconds, window);
    const answer = await read(slice);
    unreadable.push(...answer.unreadable);
    let results = 0;
    for (const { interval, content, results: pieceResults, isTruncated } of answer.pieces) {
      results += pieceResults;
      if (isTruncated) faults.record('crowded', `of ${formatTime(interval.from)}`);
      faults.merge(content.faults);
      const extra = await readExtras(api, test, interval, content.traces, faults);
      yield { interval, ...extra, responders: content.responders, problems: [] };
    }
    from = slice.to + 1;
    sliceSeconds = nextSliceSeconds(sliceSeconds, slice, results);
  }
}

/** The next slice of a window, with what would be left of it when that is short: a day has both its ends in its window. */
function sliceOf(from: number, sliceSeconds: number, window: Interval): Interval {
  const to = from + sliceSeconds - 1;
  return { from, to: window.to - to < sliceSeconds / 8 ? window.to : to };
}

/** A slice that should hold about the aimed number of results, growing by no more than four times. */
function nextSliceSeconds(sliceSeconds: number, { from, to }: Interval, results: number): number {
  const ideal =
    results === 0 ? 2 * sliceSeconds : Math.floor(((to - from + 1) * targetResults) / results);
  return Math.min(Math.max(ideal, minSliceSeconds), 4 * sliceSeconds, maxSliceSeconds);
}

function unreadableProblems(subject: string, unreadable: readonly UnreadableSpan[]): Problem[] {
  const [first] = unreadable;
  if (first === undefined) return [];
  const { from, to } = first.interval;
  const spans = unreadable.length === 1 ? 'A span' : `${unreadable.length} spans`;
  return [
    {
      kind: 'invalid-response',
      subject,
      message: `${spans} cannot be read, the first from ${formatTime(from)} to ${formatTime(to)}: ${first.error.message}`,
      remedy: 'The archive probably holds a damaged result there; its own log says more.',
    },
  ];
}

function withSubject(subject: string, error: ExpectedError): ExpectedError {
  return new ExpectedError({ ...error.toProblem(), subject }, { cause: error });
}
