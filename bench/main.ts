/**
 * `npm run bench -- [--pairs 400] [--hours 24] [--latency 20] …`: serves a mesh from a separate process and prints, side by side
 * in one run, what a first run, a run half an hour later, an offline render, and the two floors cost. `npm run bench -- mtr` is
 * `mtr.ts`.
 */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

if (process.argv[2] === 'mtr') {
  await import('./mtr.ts');
  process.exit();
}

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '400' },
    hours: { type: 'string', default: '24' },
    latency: { type: 'string', default: '20' },
    concurrency: { type: 'string', default: '8' },
    variants: { type: 'string', default: '16' },
    pretty: { type: 'boolean', default: false },
    'ms-per-trace': { type: 'string', default: '0' },
    tls: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});

interface Usage {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

const root = join(import.meta.dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'pstrace-bench-'));
const log = join(work, 'requests');
const end = Math.floor(Date.parse('2026-03-01T12:00:00Z') / 1000);
const period = Number(values.hours) * 3600;

/** Runs a script of this project under the usage recorder; its own clock starts with the process. */
async function measure(script: string, args: readonly string[]): Promise<Usage> {
  const file = join(work, 'usage.json');
  rmSync(file, { force: true });
  const child = spawn(
    process.execPath,
    ['--import', join(root, 'bench/usage.ts'), join(root, script), ...args],
    { env: { ...process.env, BENCH_USAGE: file }, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code !== 0 || !existsSync(file))
    throw new Error(`${script} ${args.join(' ')} ended with ${code}`);
  return JSON.parse(readFileSync(file, 'utf8')) as Usage;
}

/** The request paths the server saw since the last call. */
function takePaths(): string[] {
  const paths = readFileSync(log, 'utf8').split('\n').filter(Boolean);
  truncateSync(log);
  return paths;
}

async function startServer(): Promise<{ url: string; stop: () => void }> {
  const flags = [
    '--pairs',
    values.pairs,
    '--variants',
    values.variants,
    '--latency',
    values.latency,
  ];
  flags.push('--ms-per-trace', values['ms-per-trace'], '--log', log);
  if (values.pretty) flags.push('--pretty');
  if (values.tls !== undefined) flags.push('--tls', values.tls);
  const child = spawn(process.execPath, [join(root, 'bench/server.ts'), ...flags], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()));
    child.once('exit', () => reject(new Error('the benchmark server did not start')));
  });
  return { url, stop: () => child.stdin.end() };
}

async function floor(url: string, paths: readonly string[]): Promise<Usage> {
  const file = join(work, 'paths');
  writeFileSync(file, paths.join('\n'));
  const usage = await measure('bench/floor.ts', [new URL(url).origin, file, values.concurrency]);
  takePaths();
  return usage;
}

function row(name: string, usage: Usage, base: Usage | null): string {
  const ratio = (value: number, against: number | undefined) =>
    against === undefined ? '' : `${(value / against).toFixed(2)} x`;
  return [
    name.padEnd(34),
    `${usage.wallSeconds.toFixed(2)} s`.padStart(9),
    ratio(usage.wallSeconds, base?.wallSeconds).padStart(8),
    `${usage.cpuSeconds.toFixed(2)} s`.padStart(9),
    ratio(usage.cpuSeconds, base?.cpuSeconds).padStart(8),
    `${usage.peakMegabytes.toFixed(0)} MB`.padStart(8),
  ].join(' ');
}

const server = await startServer();
const common = ['--out', join(work, 'html'), '--state', join(work, 'var')];
const run = (until: number) =>
  measure('src/cli/main.ts', [
    ...[server.url, String(period), '--until', String(until), '--concurrency', values.concurrency],
    ...common,
    ...(values.tls === undefined ? [] : ['--insecure']),
  ]);
try {
  writeFileSync(log, '');
  const first = await run(end);
  const firstFloor = await floor(server.url, takePaths());
  const second = await run(end + 1800);
  const secondFloor = await floor(server.url, takePaths());
  const render = await measure('src/cli/main.ts', [
    'render',
    '--until',
    String(end + 1800),
    ...common,
  ]);
  const database = statSync(join(work, 'var/pstrace.db')).size / 1e6;
  const traces = (Number(values.pairs) * period) / 600;
  console.log(`${values.pairs} pairs, ${values.hours} h, ${traces} traces, ${values.latency} ms a request, \
${values.concurrency} requests at a time, ${values.pretty ? 'indented' : 'compact'} JSON, ${values.tls === undefined ? 'HTTP' : 'HTTPS'}`);
  console.log(
    `Node.js ${process.version}, ${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown CPU'}\n`,
  );
  console.log(
    `${''.padEnd(34)} ${'wall'.padStart(9)} ${'floor'.padStart(8)} ${'CPU'.padStart(9)} ${'floor'.padStart(8)} ${'memory'.padStart(8)}`,
  );
  console.log(row('floor of the first run', firstFloor, null));
  console.log(row('first run', first, firstFloor));
  console.log(row('floor of the second run', secondFloor, null));
  console.log(row('second run, 30 min later', second, secondFloor));
  console.log(row('render, offline', render, null));
  console.log(`\nsecond run / first run: CPU ${(second.cpuSeconds / first.cpuSeconds).toFixed(2)}`);
  console.log(
    `render: ${(Number(values.pairs) / render.cpuSeconds).toFixed(0)} tests a CPU second`,
  );
  console.log(
    `database: ${database.toFixed(1)} MB, ${((database * 1e6) / traces).toFixed(0)} bytes a trace`,
  );
} finally {
  server.stop();
  if (!values.keep) rmSync(work, { recursive: true });
}
