/**
 * Part of `npm run test:system`: pstrace reads a real OpenSearch while results arrive late, indices
 * roll over and go missing, and the server dies. After each step, the numbers of every test must be
 * those that a reader of its own finds in the documents.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { traceDocument } from '../helpers/traceDocument.ts';
import { createNode, fetchJars, type OpenSearchNode, template } from './opensearch/node.ts';
import { fetchSecurity, passwords } from './opensearch/security.ts';

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

/** Tests of a large federation, and traces of a pair that is measured each second. */
const manyTests = 12_000;
const manyTraces = 50_000;

const testOf = (number: number) => ({
  key: number.toString(16).padStart(64, '0'),
  source: `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`,
});

function runOf(number: number, start: number): Document {
  const isFailed = number === 3 && start % (6 * interval) < interval;
  return traceDocument(start, {
    ...testOf(number),
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
  // biome-ignore lint/suspicious/noExplicitAny: the documents are those of this file.
  const runsBySource = new Map<string, { at: number; result: any }[]>();
  const fields = ['pscheduler.start_time', 'meta.source.ip', 'result.succeeded', 'result.json'];
  const first = JSON.stringify({ size: 10_000, _source: fields });
  let answer = await node.request('POST', `${stream}/_search?scroll=1m`, first);
  for (;;) {
    // biome-ignore lint/suspicious/noExplicitAny: a response of OpenSearch.
    const { hits, _scroll_id } = answer as any;
    if (hits.hits.length === 0) break;
    for (const { _source } of hits.hits) {
      const at = Date.parse(_source.pscheduler.start_time) / 1000;
      if (!(at >= from && at <= to) || !isSound(_source.result)) continue;
      const source = _source.meta.source.ip;
      const runs = runsBySource.get(source) ?? [];
      runsBySource.set(source, runs);
      const last = _source.result.succeeded ? _source.result.json[0].at(-1) : null;
      runs.push({ at, result: last });
    }
    const next = JSON.stringify({ scroll: '1m', scroll_id: _scroll_id });
    answer = await node.request('POST', '/_search/scroll', next);
  }
  return new Map(Array.from(runsBySource, ([source, runs]) => [source, figuresOf(runs)]));
}

// biome-ignore lint/suspicious/noExplicitAny: the documents are those of this file.
function figuresOf(runs: { at: number; result: any }[]): Figures {
  const good = runs.filter(({ result }) => result !== null);
  const newest = good.reduce((a, b) => (b.at > a.at ? b : a), { at: 0, result: null });
  return {
    traces: new Set(good.map(({ at }) => at)).size,
    failures: runs.length - good.length,
    newestAt: newest.at,
    rttMs: newest.result && Number(newest.result.rtt.slice(2, -1)) * 1000,
  };
}

/** A damaged result counts for nothing. */
// biome-ignore lint/suspicious/noExplicitAny: the documents are those of this file.
function isSound(result: any): boolean {
  return result?.succeeded === false || Array.isArray(result?.json?.[0]);
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
  extra: readonly string[] = [],
): Promise<{ readonly code: number | null; readonly said: string }> {
  const state = ['--state', join(folder, 'var'), '--out', join(folder, 'html')];
  const options = [...state, '--timeout', '20s', ...extra];
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
  if (shown.size !== expected.size)
    throw new Error(`${shown.size} tests in the site, ${expected.size} in OpenSearch`);
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
    await checkLogins(root, jars, say);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Reads a node over TLS: anonymously, with a login, and with a wrong password. */
async function checkLogins(root: string, jars: string, say: (text: string) => void): Promise<void> {
  const plugin = join(root, 'security');
  if (!fetchSecurity(plugin, jars)) {
    say('The test with logins was NOT RUN: Maven Central does not give the security plugin.');
    return;
  }
  const home = join(root, 'secure');
  const node = await createNode(home, jars, plugin);
  const startedAt = performance.now();
  try {
    await node.start();
    await node.request('PUT', '/_index_template/pscheduler', template);
    const end = wholeInterval(Date.now() / 1000);
    await load(node, runsIn(end - 12 * interval, end - interval));
    const ca = ['--ca', join(home, 'config/ca.pem')];
    const loginOf = (password: string) => {
      const file = join(root, 'pstrace.toml');
      writeFileSync(join(root, 'password'), password);
      const login = ['user = "reader"', 'password_file = "password"'];
      writeFileSync(file, ['[[archive]]', `url = "${node.url}"`, ...login, ''].join('\n'));
      return ['--config', file];
    };
    const attempts: readonly [string, number, readonly string[]][] = [
      ['anonymous', 0, ca],
      ['with a login', 0, [...ca, ...loginOf(passwords.reader)]],
    ];
    for (const [name, wanted, options] of attempts) {
      const folder = join(root, name);
      const { code, said } = await runPstrace(node, folder, undefined, options);
      if (code !== wanted) throw new Error(`${name}: exit code ${code}: ${said}`);
      await compare(node, folder);
    }
    const wrong = [...ca, ...loginOf('wrong')];
    const { code, said } = await runPstrace(node, join(root, 'wrong'), undefined, wrong);
    if (code === 0 || !said.includes('requires a login')) {
      throw new Error(`a wrong password: exit code ${code}: ${said}`);
    }
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    say(`ok   OpenSearch: TLS, anonymous and with logins (${seconds} s)`);
  } finally {
    await node.kill();
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
  await step('damaged results', async () => {
    const at = end - 2 * interval + 300;
    const damaged = [{ succeeded: true }, { succeeded: true, json: 'none' }, { text: 'x' }];
    await load(
      node,
      damaged.map((result, number) => traceDocument(at + number, { ...testOf(number), result })),
    );
    await expectRun('damaged', 75);
    await expectRun('no news of damaged results', 0);
  });
  await step('server frozen during a run', async () => {
    await load(node, runsIn(end - 2 * interval, end - interval));
    const { code, said } = await runPstrace(node, folder, async () => {
      node.freeze(true);
      await sleep(4000);
      node.freeze(false);
    });
    if (code !== 0) throw new Error(`frozen: exit code ${code}: ${said}`);
  });
  await step('server killed during the first run', async () => {
    rmSync(folder, { recursive: true });
    await runPstrace(node, folder, async () => {
      // Frozen first, so that no run is fast enough to end before.
      await sleep(400);
      node.freeze(true);
      await sleep(800);
      await node.kill();
    });
    await node.start();
    // The database is new, so the damaged results are news again.
    await expectRun('after the kill', 75);
  });
  await step(`${manyTests} more tests, and ${manyTraces} traces of one pair`, async () => {
    const busy = Array.from({ length: manyTraces }, (_, number) =>
      traceDocument(end - manyTraces + number, { ...testOf(testCount), hops: ['203.0.113.9'] }),
    );
    const idle = Array.from({ length: manyTests }, (_, number) =>
      traceDocument(end - interval - (number % 60), {
        ...testOf(testCount + 1 + number),
        hops: ['198.51.100.1', '203.0.113.9'],
      }),
    );
    await load(node, [...busy, ...idle]);
    await expectRun('many', 0);
  });
}
