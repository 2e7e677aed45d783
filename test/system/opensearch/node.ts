import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, fetch as undiciFetch } from 'undici';
import { passwords, prepareSecurity } from './security.ts';

const here = import.meta.dirname;
const startSeconds = 120;

/** The reason why no OpenSearch can run on this host; null if one can. */
export function missingForOpenSearch(): string | null {
  for (const program of ['java', 'mvn']) {
    if (spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0) {
      return `${program} is not installed`;
    }
  }
  return null;
}

/** Fetches the jars into a folder. Returns false if Maven Central does not give them. */
export function fetchJars(folder: string): boolean {
  const output = `-DoutputDirectory=${folder}`;
  const goal = 'dependency:copy-dependencies';
  return spawnSync('mvn', ['-q', '-B', '-f', join(here, 'pom.xml'), goal, output]).status === 0;
}

/** A real OpenSearch on loopback. */
export interface OpenSearchNode {
  readonly url: string;
  /** Resolves when all indices can be read, or, unless `isWhole`, one of them. */
  start(isWhole?: boolean): Promise<void>;
  /** Stops the process in its tracks, or lets it go on. */
  freeze(isFrozen: boolean): void;
  /** Ends the process at once, as a crash does. */
  kill(): Promise<void>;
  /** Sends a request. Resolves to the JSON of the response; rejects unless that is good. */
  request(method: string, path: string, body?: string): Promise<Readonly<Record<string, unknown>>>;
  /** Takes the files of an index away, or puts them back, while the node is stopped. */
  moveIndex(uuid: string, isAway: boolean): void;
}

/**
 * Prepares a node in a folder, without starting it. `plugin`: the folder of the security plugin, for
 * TLS and logins; null for neither.
 */
export async function createNode(
  folder: string,
  jars: string,
  plugin: string | null = null,
): Promise<OpenSearchNode> {
  const port = await freePort();
  const url = `${plugin === null ? 'http' : 'https'}://127.0.0.1:${port}`;
  const security = plugin === null ? [] : prepareSecurity(folder, plugin, jars);
  const send = createSender(plugin === null ? null : join(folder, 'config/ca.pem'));
  mkdirSync(join(folder, 'config'), { recursive: true });
  writeFileSync(
    join(folder, 'config/opensearch.yml'),
    [
      'cluster.name: test',
      'node.name: test',
      'network.host: 127.0.0.1',
      `http.port: ${port}`,
      `transport.port: ${await freePort()}`,
      'discovery.type: single-node',
      `path.data: ${folder}/data`,
      `path.logs: ${folder}/logs`,
      ...security,
      '',
    ].join('\n'),
  );
  writeFileSync(join(folder, 'config/log4j2.properties'), 'rootLogger.level = off\n');
  let running: ChildProcess | null = null;
  const node: OpenSearchNode = {
    url,
    async start(isWhole = true) {
      const condition = isWhole ? 'wait_for_status=green' : 'wait_for_active_shards=1';
      const options = ['-Xms512m', '-Xmx512m', `-Djava.io.tmpdir=${folder}`];
      const plugins = plugin === null ? [] : ['org.opensearch.security.OpenSearchSecurityPlugin'];
      const program = ['-cp', `${jars}/*`, join(here, 'SingleNode.java'), folder, ...plugins];
      const java = spawn('java', [...options, ...program], { stdio: ['ignore', 'ignore', 'pipe'] });
      let errors = '';
      java.stderr.on('data', (text) => {
        errors = `${errors}${text}`.slice(-2000);
      });
      running = java;
      for (let seconds = 0; seconds < startSeconds; seconds += 1) {
        if (java.exitCode !== null) throw new Error(`OpenSearch ended: ${errors}`);
        const isUp = await send(`${url}/_cluster/health?${condition}&timeout=30s`, {}).then(
          ({ ok }) => ok,
          () => false,
        );
        if (isUp) return;
        await sleep(1000);
      }
      throw new Error(`OpenSearch did not start within ${startSeconds} s: ${errors}`);
    },
    freeze: (isFrozen) => void running?.kill(isFrozen ? 'SIGSTOP' : 'SIGCONT'),
    async kill() {
      const ending = running;
      running = null;
      if (ending === null || ending.exitCode !== null) return;
      ending.kill('SIGKILL');
      await once(ending, 'exit');
    },
    async request(method, path, body) {
      const type = path.includes('_bulk') ? 'application/x-ndjson' : 'application/json';
      const response = await send(`${url}${path}`, {
        method,
        ...(body !== undefined && { body, headers: { 'content-type': type } }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return JSON.parse(text);
    },
    moveIndex(uuid, isAway) {
      const shard = join(folder, 'data/nodes/0/indices', uuid, '0');
      const aside = join(folder, `${uuid}-away`);
      if (isAway) renameSync(shard, aside);
      else renameSync(aside, shard);
    },
  };
  return node;
}

/** Sends requests, as the administrator if there are logins; `ca` is a PEM file. */
function createSender(ca: string | null): (url: string, request: RequestInit) => Promise<Response> {
  if (ca === null) return (url, request) => fetch(url, request);
  const dispatcher = new Agent({ connect: { ca: readFileSync(ca) } });
  const login = Buffer.from(`admin:${passwords.admin}`).toString('base64');
  return (url, { headers, ...request }) =>
    undiciFetch(url, {
      ...(request as object),
      dispatcher,
      headers: { ...(headers as Record<string, string>), authorization: `Basic ${login}` },
    }) as unknown as Promise<Response>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** The index template of perfSONAR, as far as traces are concerned. */
export const template = readFileSync(join(here, 'template.json'), 'utf8');
