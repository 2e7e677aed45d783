/**
 * Part of `npm run test:system`: pstrace reads a real OpenSearch while results arrive late, indices
 * roll over and go missing, and the server dies. After each step, the numbers of every test must be
 * those that a reader of its own finds in the documents.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { traceDocument } from '../helpers/traceDocument.ts';
import { createNode, fetchJars, type OpenSearchNode, template } from './opensearch/node.ts';

const program = join(import.meta.dirname, '../../bin/pstrace');
const stream = '/pscheduler_trace';
const daySeconds = 86_400;
const interval = 600;
const testCount = 40;
/** More than the position keeps back, so that a lost one would show. */
const lateCount = 30;

type Document = Readonly<Record<string, unknown>>;

/** The numbers of one test. */
interface Figures {
  readonly traces: number;
  readonly failures: number;
  readonly newestAt: number;
  readonly rttMs: number | null;
}

const sourceOf = (number: number) => `192.0.2.${number + 1}`;
const keyOf = (number: number) => number.toString(16).padStart(64, '0');

function runOf(number: number, start: number): Document {
  const isFailed = number === 3 && start % (6 * interval) < interval;
  return traceDocument(start, {
    key: keyOf(number),
    source: sourceOf(number),
    hops: ['198.51.100.1', '', `198.51.100.${10 + (number % 5)}`, '203.0.113.9'],
    ...(isFailed && { result: { succeeded: false, error: 'send: Operation not permitted' } }),
  });
}

/** The runs of all tests in a span, which starts at a whole interval. */
function runsIn(from: number, to: number): Document[] {
  const slots = Array.from({ length: Math.floor((to - from) / interval) }, (_, slot) => slot);
  return slots.flatMap((slot) =>
    Array.from({ length: testCount }, (_, number) =>
      runOf(number, from + slot * interval + (number % 60)),
    ),
  );
}

async function load(node: OpenSearchNode, documents: readonly Document[]): Promise<void> {
  for (let at = 0; at < documents.length; at += 2000) {
    const lines = documents
      .slice(at, at + 2000)
      .map((document) => `{"create":{}}\n${JSON.stringify(document)}\n`);
    const { errors } = await node.request('POST', `${stream}/_bulk`, lines.join(''));
    if (errors !== false) throw new Error('OpenSearch rejects a document');
  }
  await node.request('POST', `${stream}/_refresh`);
}

/** The numbers of all tests in the documents, by a reader that shares nothing with pstrace. */
async function readIndependently(node: OpenSearchNode, from: number, to: number) {
  const found = new Map<string, Figures>();
  for (let number = 0; number < testCount; number += 1) {
    const query = { term: { 'pscheduler.test_checksum.keyword': keyOf(number) } };
    const answer = await node.request(
      'POST',
      `${stream}/_search`,
      JSON.stringify({ size: 10_000, query }),
    );
    // biome-ignore lint/suspicious/noExplicitAny: the documents are those of this file.
    const hits = (answer as any).hits.hits.map((hit: any) => hit._source) as any[];
    const inWindow = hits
      .map((run) => ({ run, at: Date.parse(run.pscheduler.start_time) / 1000 }))
      .filter(({ at }) => at >= from && at <= to)
      .sort((a, b) => a.at - b.at);
    const good = inWindow.filter(({ run }) => run.result.succeeded);
    const newest = good.at(-1);
    found.set(sourceOf(number), {
      traces: new Set(good.map(({ at }) => at)).size,
      failures: inWindow.length - good.length,
      newestAt: newest?.at ?? 0,
      rttMs: newest ? Number(newest.run.result.json[0].at(-1).rtt.slice(2, -1)) * 1000 : null,
    });
  }
  return found;
}

function figuresOfSite(out: string): Map<string, Figures> {
  const folder = join(out, 'data/tests');
  return new Map(
    readdirSync(folder).map((name) => {
      const { test, traces, failures, latest, rttMs } = JSON.parse(
        readFileSync(join(folder, name), 'utf8'),
      );
      const figures = { traces, failures: failures.length, newestAt: latest.at, rttMs };
      return [test.source.address, figures];
    }),
  );
}

/** Runs pstrace to its end. Returns its exit code and what it wrote on stderr. */
async function runPstrace(
  node: OpenSearchNode,
  folder: string,
  meanwhile: () => Promise<void> = async () => {},
): Promise<{ readonly code: number | null; readonly said: string }> {
  const state = ['--state', join(folder, 'var'), '--out', join(folder, 'html')];
  const options = [...state, '--timeout', '20s'];
  const child = spawn(program, [node.url, '24h', ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  const exit = once(child, 'exit');
  await meanwhile();
  const [code] = await exit;
  return { code, said };
}

/** Compares the site with the documents. Throws at the first difference. */
async function compare(node: OpenSearchNode, folder: string): Promise<number> {
  const site = join(folder, 'html');
  const { window } = JSON.parse(readFileSync(join(site, 'data/matrix.json'), 'utf8'));
  const expected = await readIndependently(node, window.from, window.to);
  const shown = figuresOfSite(site);
  for (const [source, figures] of expected) {
    const [wanted, found] = [figures, shown.get(source)].map((each) => JSON.stringify(each));
    if (wanted !== found)
      throw new Error(`${source}: ${found} in the site, ${wanted} in OpenSearch`);
  }
  return expected.size * 4;
}

const wholeInterval = (at: number) => Math.floor(at / interval) * interval;

/** The steps, in order. `say` prints a line. Throws if a number is wrong. */
export async function checkOpenSearch(say: (text: string) => void): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'pstrace-opensearch-'));
  const jars = join(root, 'jars');
  try {
    if (!fetchJars(jars)) {
      say('The test with OpenSearch was NOT RUN: Maven Central does not give its jars.');
      return;
    }
    mkdirSync(join(root, 'node'));
    const node = await createNode(join(root, 'node'), jars);
    try {
      await node.start();
      await node.request('PUT', '/_index_template/pscheduler', template);
      await playSteps(node, root, say);
    } finally {
      await node.kill();
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function playSteps(
  node: OpenSearchNode,
  root: string,
  say: (text: string) => void,
): Promise<void> {
  const folder = join(root, 'first');
  const end = wholeInterval(Date.now() / 1000);
  const expectRun = async (title: string, wanted: number, to = folder) => {
    const { code, said } = await runPstrace(node, to);
    if (code !== wanted) throw new Error(`${title}: exit code ${code}, not ${wanted}: ${said}`);
  };
  const step = async (title: string, play: () => Promise<void>) => {
    const startedAt = performance.now();
    await play();
    const figures = await compare(node, folder);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    say(`ok   OpenSearch: ${title} (${figures} numbers, ${seconds} s)`);
  };
  await step('first run', async () => {
    await load(node, runsIn(end - daySeconds - 6 * interval, end - 12 * interval));
    await expectRun('first run', 0);
  });
  await step('new and late results', async () => {
    const late = Array.from({ length: lateCount }, (_, number) =>
      runOf(number % testCount, end - 5 * 3600 - 7 - number * interval),
    );
    await load(node, [...late, ...runsIn(end - 12 * interval, end - 6 * interval)]);
    await expectRun('late results', 0);
  });
  await step('rolled over, new index empty', async () => {
    await node.request('POST', `${stream}/_rollover`);
    await expectRun('rolled over', 0);
  });
  await step('rolled over, new index in use', async () => {
    await load(node, runsIn(end - 6 * interval, end - 2 * interval));
    await expectRun('rolled over', 0);
  });
  await step('one index missing, and back again', async () => {
    const settings = await node.request('GET', `${stream}/_settings/index.uuid`);
    const [first] = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
    if (first === undefined) throw new Error('OpenSearch has no index');
    // biome-ignore lint/suspicious/noExplicitAny: a response of OpenSearch.
    const { uuid } = (first[1] as any).settings.index;
    await node.kill();
    node.moveIndex(uuid, true);
    await node.start(false);
    rmSync(folder, { recursive: true });
    await expectRun('index missing', 75);
    await node.kill();
    node.moveIndex(uuid, false);
    await node.start();
    await expectRun('index back', 0);
  });
  await step('server killed during the first run', async () => {
    rmSync(folder, { recursive: true });
    await runPstrace(node, folder, async () => {
      await sleep(1200);
      await node.kill();
    });
    await node.start();
    await expectRun('after the kill', 0);
  });
}
