import { isDeepStrictEqual } from 'node:util';
import { mixNumbers, type Random, randomFrom } from '../../src/demo/random.ts';
import { ExpectedError } from '../../src/lib/errors.ts';
import { HttpError } from '../../src/lib/http/httpError.ts';
import { parseJsonBody } from '../../src/lib/http/response.ts';
import type { JsonDocument } from '../../src/lib/http/types.ts';
import type { Problem } from '../../src/model/run/problem.ts';
import { familyOf } from '../../src/model/trace/addressKinds.ts';
import type { Trace } from '../../src/model/trace/trace.ts';
import type { ArchiveApi } from '../../src/sources/esmond/archiveApi.ts';
import { listTests } from '../../src/sources/esmond/listTests.ts';
import { readTraces } from '../../src/sources/esmond/readTraces.ts';
import type { ReadableTest, TestDescription } from '../../src/sources/types.ts';
import { type DataAnswers, dataAnswers, listAnswer, newest } from './answers.ts';
import { factsOf } from './facts.ts';
import { mutate, mutateBytes, pick } from './mutations.ts';
import { type Complain, checkBatch, checkEndpoint, checkText, checkTrace } from './traceRules.ts';

const subject = 'ma.example.net/esmond/perfsonar/archive';
const window = { from: newest - 86_000, to: newest };

/** A mutated response, and the index of its only changed record; null if more changed. */
interface Served {
  readonly value: unknown;
  readonly document: JsonDocument;
  readonly touched: number | null;
}

/** Mutates a response in its structure or its bytes, like a broken or hostile archive. */
function spoil(answer: unknown[], random: Random): Served {
  if (random() < 0.3) {
    const body = mutateBytes(Buffer.from(JSON.stringify(answer)), random);
    const read = parseJsonBody({ status: 200, headers: {}, body }, subject);
    const value = 'value' in read ? read.value : new HttpError(subject, read);
    return { value, document: documentOf(value, body), touched: null };
  }
  const touched = new Set<number | null>();
  const changes = pick([1, 1, 2, 3, 12], random);
  for (let count = 0; count < changes; count += 1) touched.add(mutate(answer, random));
  const [only = null] = touched;
  const document = documentOf(answer);
  return { value: answer, document, touched: touched.size === 1 ? only : null };
}

/** JSON of a value; empty for one that is nested too deeply, as mutations create it. */
function bytesOf(value: unknown): Buffer {
  try {
    return Buffer.from(JSON.stringify(value));
  } catch {
    return Buffer.alloc(0);
  }
}

/** A document with a value, or without one, as the client creates it. */
function documentOf(value: unknown, bytes: Buffer = bytesOf(value)): JsonDocument {
  return {
    bytes,
    parse: () => {
      if (value instanceof Error) throw value;
      return value;
    },
  };
}

/** An archive that responds to every request with `answer`. */
function archiveOf(answer: (path: string) => JsonDocument): ArchiveApi {
  return {
    id: subject,
    base: () => `https://${subject}`,
    get: async (path, _query, read) => read(answer(path)),
    counters: { requests: 0, bytes: 0 },
    clock: { offsetSeconds: null },
    close: async () => {},
  };
}

/** Parses one mutated response and reports every violation. */
export async function esmondCase(
  seed: number,
  number: number,
  complain: Complain,
): Promise<unknown> {
  const random = randomFrom(mixNumbers(seed, number));
  return number % 4 === 0 ? listCase(random, complain) : dataCase(random, complain);
}

async function listCase(random: Random, complain: Complain): Promise<unknown> {
  const { value, document } = spoil(listAnswer(), random);
  const api = archiveOf(() => document);
  await expectedOnly(async () => {
    const { tests, problems } = await listTests(api, window);
    for (const test of tests) checkTest(test, complain);
    const ids = new Set(tests.map(({ id }) => id));
    if (ids.size !== tests.length) complain('no two tests share an id', [...ids]);
    checkProblems(problems, complain);
  }, complain);
  return value;
}

function checkTest(test: TestDescription, complain: Complain): void {
  const { id, source, destination, tool, family, taskName, parameters, eventTypes, key } = test;
  if (!/^[0-9a-f.-]+_|^unknown_/.test(id) || !/^[0-9A-Za-z._-]{1,200}$/.test(id)) {
    complain('an id is a plain file name', id);
  }
  for (const end of [source, destination]) checkEndpoint(end, complain);
  const address = destination.address ?? source.address;
  if (address !== null && familyOf(address) !== family) complain('the family is right', test);
  if (!/^[a-z0-9-]{1,40}$/.test(tool)) complain('a tool is a plain word', tool);
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(key)) complain('a key is plain', key);
  if (!eventTypes.every((name) => /^[a-z-]{1,64}$/.test(name))) complain('plain types', eventTypes);
  checkText(taskName, 100, 'the name of a task', complain);
  for (const text of Object.values(parameters)) checkText(text, 60, 'a parameter', complain);
}

async function dataCase(random: Random, complain: Complain): Promise<unknown> {
  const dialect = pick(['esmond1', 'esmond4', 'elmond'] as const, random);
  const multi = dialect === 'elmond' && random() < 0.3;
  const answers = dataAnswers[dialect]();
  const spoilt = pick(multi ? spoilable : spoilable.slice(1), random);
  const served = spoil(answers[spoilt], random);
  const answerOf = (path: string) => {
    const eventType = path.split('/')[2] as keyof DataAnswers;
    return eventType === spoilt ? served.document : documentOf(answers[eventType]);
  };
  const test = testOf(dialect, multi);
  const facts = factsOf(Object.values({ ...answers, [spoilt]: served.value }));
  const traces: Trace[] = [];
  await expectedOnly(async () => {
    for await (const batch of readTraces(archiveOf(answerOf), test, window)) {
      for (const trace of batch.traces) checkTrace(trace, batch.interval, facts, complain);
      for (const { startedAt } of batch.traces) {
        if (!facts.times.has(startedAt)) complain('the time of a trace was sent', startedAt);
      }
      checkBatch(batch, batch.interval, complain);
      checkProblems(batch.problems, complain);
      traces.push(...batch.traces);
    }
  }, complain);
  const pristine = dataAnswers[dialect]()[spoilt];
  if (spoilt === 'packet-trace' && !multi && served.touched !== null) {
    await checkOthers(test, pristine, served, traces, complain);
  }
  return served.value;
}

const spoilable = [
  'packet-trace-multi',
  'packet-trace',
  'packet-trace',
  'failures',
  'path-mtu',
] as const;

function testOf(dialect: keyof typeof dataAnswers, multi: boolean): ReadableTest {
  return {
    id: '192.0.2.1_203.0.113.9_traceroute_0123456789ab',
    key: dialect === 'elmond' ? 'a1'.repeat(32) : '0'.repeat(32),
    tool: multi ? 'paris-traceroute' : 'traceroute',
    destination: { address: '203.0.113.9', name: 'ps.example.org' },
    parameters: {},
    eventTypes: ['packet-trace', 'packet-trace-multi', 'path-mtu', 'failures'],
    intervalSeconds: 600,
  };
}

/** One damaged record does not affect the traces of the others. */
async function checkOthers(
  test: ReadableTest,
  pristine: readonly Record<string, unknown>[],
  { value, touched }: Served,
  traces: readonly Trace[],
  complain: Complain,
): Promise<void> {
  const times = (value as { ts?: unknown }[]).map((record) => Number(plainTime(record)));
  const others = pristine.filter((_, index) => index !== touched);
  const sound = others.filter(({ ts }) => times.filter((time) => time === ts).length === 1);
  const whole = archiveOf((path) => documentOf(path.includes('/packet-trace/') ? sound : []));
  for await (const batch of readTraces(whole, test, window)) {
    for (const { startedAt, route, rttMs, probes } of batch.traces) {
      const found = traces.find((trace) => trace.startedAt === startedAt);
      const same =
        isDeepStrictEqual(found?.rttMs, rttMs) &&
        isDeepStrictEqual(found?.route.hops, route.hops) &&
        isDeepStrictEqual(found?.probes, probes) &&
        found?.route.reached === route.reached;
      if (!same) complain('what stands beside a damaged record is read as it is', startedAt);
    }
  }
}

function plainTime(record: { ts?: unknown } | null): unknown {
  const ts = record?.ts;
  return typeof ts === 'number' || typeof ts === 'string' ? ts : Number.NaN;
}

function checkProblems(problems: readonly Problem[], complain: Complain): void {
  for (const { message, remedy } of problems) {
    checkText(message, 2000, 'a message', complain);
    checkText(remedy, 500, 'a remedy', complain);
  }
}

/** Runs work that may only fail with expected errors. */
async function expectedOnly(work: () => Promise<void>, complain: Complain): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ExpectedError) checkProblems([error.toProblem()], complain);
    else complain('nothing but an ExpectedError is thrown', (error as Error).stack);
  }
}
