import { ExpectedError } from '../../lib/errors.ts';
import { HttpError, isUnanswered } from '../../lib/http/httpError.ts';
import type { Problem } from '../../model/run/problem.ts';
import type { Interval } from '../../model/trace/trace.ts';
import { daySeconds, hourSeconds } from '../../model/values/time.ts';
import type { ReadableTest, ResultBatch } from '../types.ts';
import type { ArchiveApi } from './archiveApi.ts';
import { readExtras } from './extras.ts';
import { minErrorSeconds, type SpanResult, type UnreadableSpan } from './readSpan.ts';
import { createResultFaults, formatTime, type ResultFaults } from './resultFaults.ts';
import { createTraceReader } from './traceReader.ts';

/**
 * Target number of results per request: well below the 1000 at which archives truncate silently.
 */
const targetResults = 600;
const minSliceSeconds = hourSeconds;
const maxSliceSeconds = 14 * daySeconds;

/**
 * Reads the results of a test in a window, oldest first. The last batch has the problems of all
 * results. Throws an `ExpectedError` if the archive fails, after it has yielded every good batch.
 */
export async function* readTraces(
  api: ArchiveApi,
  test: ReadableTest,
  window: Interval,
): AsyncGenerator<ResultBatch> {
  const faults = createResultFaults();
  const unreadable: UnreadableSpan[] = [];
  const damaged: UnreadableSpan[] = [];
  const ends = () => ({
    problems: [...faults.problems(test.id), ...unreadableProblems(test.id, unreadable)],
    warnings: unreadableProblems(test.id, damaged),
  });
  let previous: ResultBatch | null = null;
  try {
    for await (const batch of readSlices(api, test, window, { faults, unreadable, damaged })) {
      if (previous !== null) yield previous;
      previous = batch;
    }
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    if (previous !== null) yield { ...previous, ...ends() };
    throw isUnanswered(error) ? error : withSubject(test.id, error);
  }
  const { problems, warnings } = ends();
  const [problem] = problems;
  if (previous !== null) yield { ...previous, problems, warnings };
  else if (problem !== undefined) throw new ExpectedError(problem);
}

/** Results that the archive did not send, or not rightly. */
interface Losses {
  readonly faults: ResultFaults;
  /** Parts that another request may bring. */
  readonly unreadable: UnreadableSpan[];
  /** Short parts with a damaged result, between others that the archive sends. */
  readonly damaged: UnreadableSpan[];
}

async function* readSlices(
  api: ArchiveApi,
  test: ReadableTest,
  window: Interval,
  { faults, unreadable, damaged }: Losses,
): AsyncGenerator<ResultBatch> {
  const read = createTraceReader(api, test);
  let sliceSeconds = daySeconds;
  for (let from = window.from; from <= window.to; ) {
    const slice = sliceOf(from, sliceSeconds, window);
    const answer = await read(slice);
    const [short, long] = splitUnreadable(answer);
    damaged.push(...short);
    unreadable.push(...long);
    let results = 0;
    for (const { interval, content, results: pieceResults, isTruncated } of answer.pieces) {
      results += pieceResults;
      if (isTruncated) faults.record('truncated', `of ${formatTime(interval.from)}`);
      faults.merge(content.faults);
      const extra = await readExtras(api, test, interval, content.traces, faults);
      yield { ...noProblems, interval, ...extra, responders: content.responders };
    }
    for (const { interval } of short) yield { ...nothingIn, interval };
    from = slice.to + 1;
    sliceSeconds = nextSliceSeconds(sliceSeconds, slice, results);
  }
}

const noProblems = { problems: [], warnings: [] };
/** An interval that need not be requested again. */
const nothingIn = {
  ...noProblems,
  ...{ complete: true, traces: [], responders: new Map(), failures: [] },
};

/** Longer spans are unreadable for another reason than one damaged result, seconds. */
const maxDamagedSeconds = 2 * minErrorSeconds;

/** The parts that a damaged result makes unreadable, and the others. */
function splitUnreadable({
  pieces,
  unreadable,
}: SpanResult<unknown>): [damaged: UnreadableSpan[], others: UnreadableSpan[]] {
  const isDamaged = ({ interval: { from, to }, error }: UnreadableSpan) =>
    pieces.length > 0 && to - from < maxDamagedSeconds && isFaultOfResult(error);
  return [unreadable.filter(isDamaged), unreadable.filter((span) => !isDamaged(span))];
}

/** Archives send status 500, or no JSON, for a result that they cannot convert. */
function isFaultOfResult(error: Error): boolean {
  if (!(error instanceof HttpError)) return false;
  return error.status === 500 || error.reason === 'content' || error.reason === 'too-large';
}

/** The next slice of a window. A short rest of the window is part of it. */
function sliceOf(from: number, sliceSeconds: number, window: Interval): Interval {
  const to = from + sliceSeconds - 1;
  return { from, to: window.to - to < sliceSeconds / 8 ? window.to : to };
}

/** The length of a slice with about the target number of results. It grows at most fourfold. */
function nextSliceSeconds(sliceSeconds: number, { from, to }: Interval, results: number): number {
  const ideal =
    results === 0 ? 2 * sliceSeconds : Math.floor(((to - from + 1) * targetResults) / results);
  return Math.min(Math.max(ideal, minSliceSeconds), 4 * sliceSeconds, maxSliceSeconds);
}

function unreadableProblems(subject: string, unreadable: readonly UnreadableSpan[]): Problem[] {
  const [first] = unreadable;
  if (first === undefined) return [];
  const { from, to } = first.interval;
  const intervals = unreadable.length === 1 ? 'an interval' : `${unreadable.length} intervals`;
  return [
    {
      kind: 'invalid-response',
      subject,
      message: `The archive cannot send ${intervals}, the first from ${formatTime(from)} to ${formatTime(to)}: ${first.error.message}`,
      detail: first.error.detail,
      remedy: 'The archive probably has a damaged result there; see its log.',
    },
  ];
}

function withSubject(subject: string, error: ExpectedError): ExpectedError {
  return new ExpectedError({ ...error.toProblem(), subject }, { cause: error });
}
