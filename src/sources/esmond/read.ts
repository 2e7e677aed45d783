import { ExpectedError } from '../../lib/errors.ts';
import { isSilence } from '../../lib/http/failure.ts';
import type { Problem } from '../../model/problem.ts';
import type { Interval } from '../../model/trace.ts';
import type { ArchiveApi } from './api.ts';
import type { Batch, ReadableTest } from './contract.ts';
import { readExtras } from './extras.ts';
import { createFaults, type Faults, timeText } from './faults.ts';
import type { LostPart } from './slices.ts';
import { createTraceReader } from './traceReader.ts';

const day = 86_400;
/** Results that one request should bring: well below the 1000 at which archives cut off in silence. */
const aimedResults = 600;
const shortestSlice = 3600;
const longestSlice = 14 * day;

/**
 * The results of a test in a window, oldest first. What is wrong with single results comes as problems of the last batch.
 * Throws an `ExpectedError` when the archive fails, after everything good was yielded.
 */
export async function* readTraces(
  api: ArchiveApi,
  test: ReadableTest,
  window: Interval,
): AsyncGenerator<Batch> {
  const faults = createFaults();
  const lost: LostPart[] = [];
  const problems = () => [...faults.problems(test.id), ...lostProblems(test.id, lost)];
  let held: Batch | null = null;
  try {
    for await (const batch of readSlices(api, test, window, faults, lost)) {
      if (held !== null) yield held;
      held = batch;
    }
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    if (held !== null) yield { ...held, problems: problems() };
    throw isSilence(error) ? error : aboutTest(test.id, error);
  }
  const [problem] = problems();
  if (held !== null) yield { ...held, problems: problems() };
  else if (problem !== undefined) throw new ExpectedError(problem);
}

async function* readSlices(
  api: ArchiveApi,
  test: ReadableTest,
  window: Interval,
  faults: Faults,
  lost: LostPart[],
): AsyncGenerator<Batch> {
  const read = createTraceReader(api, test);
  let span = day;
  for (let from = window.from; from <= window.to; ) {
    const slice = sliceOf(from, span, window);
    const answer = await read(slice);
    lost.push(...answer.lost);
    let results = 0;
    for (const { interval, content, results: many, crowded } of answer.pieces) {
      results += many;
      if (crowded) faults.note('crowded', `of ${timeText(interval.from)}`);
      faults.include(content.faults);
      const extras = await readExtras(api, test, interval, content.traces, faults);
      yield { interval, ...extras, responders: content.responders, problems: [] };
    }
    from = slice.to + 1;
    span = nextSpan(span, slice, results);
  }
}

/** The next slice of a window, with what would be left of it when that is short: a day has both its ends in its window. */
function sliceOf(from: number, span: number, window: Interval): Interval {
  const to = from + span - 1;
  return { from, to: window.to - to < span / 8 ? window.to : to };
}

/** A slice that should hold about the aimed number of results, growing by no more than four times. */
function nextSpan(span: number, { from, to }: Interval, results: number): number {
  const ideal = results === 0 ? 2 * span : Math.floor(((to - from + 1) * aimedResults) / results);
  return Math.min(Math.max(ideal, shortestSlice), 4 * span, longestSlice);
}

function lostProblems(subject: string, lost: readonly LostPart[]): Problem[] {
  const [first] = lost;
  if (first === undefined) return [];
  const { from, to } = first.interval;
  const spans = lost.length === 1 ? 'A span' : `${lost.length} spans`;
  return [
    {
      kind: 'invalid-response',
      subject,
      message: `${spans} cannot be read, the first from ${timeText(from)} to ${timeText(to)}: ${first.error.message}`,
      remedy: 'The archive probably holds a damaged result there; its own log says more.',
    },
  ];
}

function aboutTest(subject: string, error: ExpectedError): ExpectedError {
  return new ExpectedError({ ...error.toProblem(), subject }, { cause: error });
}
