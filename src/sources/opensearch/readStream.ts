import { ExpectedError } from '../../lib/errors.ts';
import type { Problem } from '../../model/run/problem.ts';
import type { StreamCursor, StreamPosition } from '../../model/run/streamPosition.ts';
import type { Interval } from '../../model/trace/trace.ts';
import { daySeconds } from '../../model/values/time.ts';
import { createResultFaults, type ResultFaults } from '../esmond/resultFaults.ts';
import type { StreamBatch, StreamRequest } from '../types.ts';
import { createEndResolver } from './endResolver.ts';
import { createPageReader, type PageReader } from './pageReader.ts';
import { arrivalQuery, headQuery, type PageRequest, scanQuery } from './queries.ts';
import { type IndexState, parseNewest, type ResultPage } from './resultPage.ts';
import type { IndexSettings, SearchApi } from './searchApi.ts';

/**
 * Reads what earlier runs have not: first what has arrived since, then the part of the window from
 * before. A window that ends in the past and was never read is read by itself. The last batch has
 * the problems. Throws an `ExpectedError` if the archive fails, after every good batch.
 */
export async function* readStream(
  api: SearchApi,
  request: StreamRequest,
): AsyncGenerator<StreamBatch> {
  const faults = createResultFaults();
  const state: StreamState = { api, request, faults, pages: createReader(api, request, faults) };
  try {
    yield* readAll(state);
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    yield endOf(state, null, null);
    throw error;
  }
}

interface StreamState {
  readonly api: SearchApi;
  readonly request: StreamRequest;
  readonly faults: ResultFaults;
  readonly pages: PageReader;
}

function createReader(api: SearchApi, request: StreamRequest, faults: ResultFaults): PageReader {
  const { window, now, position, tests } = request;
  const known =
    position !== null && 'sequences' in position.cursor ? position.cursor.sequences : {};
  // Documents that are read again were reported when they were read first.
  const silent = createResultFaults();
  return createPageReader(api, {
    archive: api.address.id,
    dialect: api.address.dialect,
    identify: createEndResolver(tests),
    until: Math.max(window.to, now),
    faultsOf: (index, sequence) => (sequence <= (known[index] ?? -1) ? silent : faults),
  });
}

async function* readAll(state: StreamState): AsyncGenerator<StreamBatch> {
  const { window, now, position: known } = state.request;
  const isBehind = known === null || known.to !== null || window.from < known.from;
  if (window.to < now && isBehind) {
    for await (const page of scan(state, window)) yield batchOf(state, page, null);
    yield endOf(state, null, window);
    return;
  }
  const caughtUp = known === null ? null : yield* catchUp(state, known);
  const started = caughtUp ?? (await startOf(state));
  const current = started.to === null ? started : yield* scanForward(state, started, started.to);
  const whole = yield* scanBackward(state, current);
  yield endOf(state, whole, { from: whole.from, to: window.to });
}

/** Reads from `since` to the present. Each page moves the position. */
async function* scanForward(
  state: StreamState,
  start: StreamPosition,
  since: number,
): AsyncGenerator<StreamBatch, StreamPosition> {
  let position = start;
  let readUntil = since;
  for await (const page of scan(state, { from: since, to: null })) {
    const startedAt = Math.floor(Number(page.end?.[0]) / 1000);
    readUntil = Math.max(readUntil, startedAt || 0);
    const cursor = stopBefore(position.cursor, page.postponed);
    position = { ...position, to: Math.min(readUntil, state.request.now), cursor };
    yield batchOf(state, page, position);
  }
  return { ...position, to: null };
}

/** Reads from before the position to the start of the window, day by day. */
async function* scanBackward(
  state: StreamState,
  start: StreamPosition,
): AsyncGenerator<StreamBatch, StreamPosition> {
  const { window } = state.request;
  let position = start;
  while (window.from < position.from) {
    const from = Math.max(window.from, position.from - daySeconds);
    for await (const page of scan(state, { from, to: position.from - 1 })) {
      yield batchOf(state, page, position);
    }
    position = { ...position, from };
  }
  return position;
}

/** A batch of a page. Nothing counts as read if the archive could not read all of its indices. */
function batchOf(
  { api }: StreamState,
  { readings }: Pick<ResultPage, 'readings'>,
  position: StreamPosition | null,
): StreamBatch {
  return { readings, position: api.isPartial() ? null : position, covered: null, problems: [] };
}

/** The last batch. */
function endOf(
  state: StreamState,
  position: StreamPosition | null,
  covered: Interval | null,
): StreamBatch {
  return {
    ...batchOf(state, { readings: [] }, position),
    covered: state.api.isPartial() ? null : covered,
    problems: problemsOf(state),
  };
}

/** The position before the first document. The cursor is as of now, before the scan. */
async function startOf({ api, request: { window } }: StreamState): Promise<StreamPosition> {
  const { dialect } = api.address;
  const newest = await api.search(headQuery(dialect), parseNewest);
  const settings = dialect.hasSequence ? await api.indices() : new Map<string, IndexSettings>();
  const hasSequence =
    settings.size > 0 && [...settings.values()].every(({ hasSingleShard }) => hasSingleShard);
  const arrivals = [...newest.values()].map(({ arrivedAt }) => arrivedAt).filter(Number.isFinite);
  const cursor: StreamCursor = hasSequence
    ? { sequences: sequencesOf(newest), uuids: uuidsOf(settings) }
    : { arrivedUntil: Math.max(0, ...arrivals) };
  return { from: window.from, to: window.from, cursor };
}

function sequencesOf(newest: ReadonlyMap<string, IndexState>): Record<string, number> {
  return Object.fromEntries([...newest].map(([index, { sequence }]) => [index, sequence]));
}

function uuidsOf(settings: ReadonlyMap<string, IndexSettings>): Record<string, string> {
  return Object.fromEntries(
    [...settings].flatMap(([index, { uuid }]) => (uuid === null ? [] : [[index, uuid]])),
  );
}

/** A cursor with the identities of today's indices; null if one of its own was made anew. */
async function verify({ api }: StreamState, cursor: StreamCursor): Promise<StreamCursor | null> {
  if ('arrivedUntil' in cursor) return cursor;
  const known = cursor.uuids ?? {};
  const uuids = uuidsOf(await api.indices());
  const isAnew = Object.entries(uuids).some(([index, uuid]) => (known[index] ?? uuid) !== uuid);
  return isAnew ? null : { ...cursor, uuids: { ...known, ...uuids } };
}

/**
 * Reads what arrived after the cursor. Returns the new position; null if an index was made anew, so
 * that its numbers mean nothing and the window has to be read again.
 */
async function* catchUp(
  state: StreamState,
  known: StreamPosition,
): AsyncGenerator<StreamBatch, StreamPosition | null> {
  const { api, pages } = state;
  const { from } = known;
  const since = await verify(state, known.cursor);
  if (since === null) return null;
  const query = (page: PageRequest) => arrivalQuery(api.address.dialect, since, { from }, page);
  const postponed = new Map<string, number>();
  let position: StreamPosition = { ...known, cursor: since };
  for await (const page of pages.read(query)) {
    if ('sequences' in since && isMadeAnew(since.sequences, page.newest)) return null;
    for (const [index, sequence] of page.postponed) {
      postponed.set(index, Math.min(sequence, postponed.get(index) ?? sequence));
    }
    const cursor = stopBefore(advance(position.cursor, page), postponed);
    position = { ...position, cursor };
    yield batchOf(state, page, position);
  }
  return position;
}

function isMadeAnew(
  sequences: Readonly<Record<string, number>>,
  newest: ReadonlyMap<string, IndexState>,
): boolean {
  return [...newest].some(([index, { sequence }]) => sequence < (sequences[index] ?? 0));
}

function advance(cursor: StreamCursor, page: ResultPage): StreamCursor {
  if ('arrivedUntil' in cursor) {
    const arrivedAt = Number(page.end?.[0]) / 1000;
    return { arrivedUntil: Math.max(cursor.arrivedUntil, arrivedAt || 0) };
  }
  const sequences = { ...cursor.sequences };
  for (const [index, sequence] of page.sequences) {
    sequences[index] = Math.max(sequence, sequences[index] ?? sequence);
  }
  return { ...cursor, sequences };
}

/** The cursor moved back to before each postponed result. */
function stopBefore(cursor: StreamCursor, postponed: ReadonlyMap<string, number>): StreamCursor {
  if ('arrivedUntil' in cursor || postponed.size === 0) return cursor;
  const sequences = { ...cursor.sequences };
  for (const [index, sequence] of postponed) {
    sequences[index] = Math.min(sequence - 1, sequences[index] ?? sequence - 1);
  }
  return { ...cursor, sequences };
}

function scan(
  { api, pages }: StreamState,
  span: { readonly from: number; readonly to: number | null },
): AsyncGenerator<ResultPage> {
  return pages.read((page) => scanQuery(api.address.dialect, span, page));
}

function problemsOf({ api, faults }: StreamState): Problem[] {
  const { id } = api.address;
  const problems = faults.problems(id);
  if (api.isPartial()) {
    problems.push({
      kind: 'invalid-response',
      subject: id,
      message: 'A part of the archive is not available, so results are missing.',
      remedy:
        'An index of its OpenSearch is red; see _cluster/health there. The results follow as soon as it is back.',
    });
  }
  return problems;
}
