import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startArchive } from './archive.ts';
import { meter, root, type Usage } from './measured.ts';
import { siteTransfer, type TransferByKind } from './transfer.ts';

/** A mesh to measure, and its archive. */
export interface Mesh {
  readonly pairs: number;
  readonly hours: number;
  readonly latencyMs: number;
  readonly msPerTrace: number;
  readonly concurrency: number;
  /** Prepared traces per pair; half of them have a different route. */
  readonly variants: number;
  /** 15 of 16 traces take the same route. */
  readonly stable: boolean;
  readonly pretty: boolean;
  readonly tls: boolean;
}

/** The cost of one mesh, each part in its own process. */
export interface Measured {
  readonly firstFloor: Usage;
  readonly first: Usage;
  readonly secondFloor: Usage;
  readonly second: Usage;
  readonly render: Usage;
  /** As `render`, onto an existing site without changes. */
  readonly again: Usage;
  /** What a copy of the site after the first run needs after the second. */
  readonly transfer: TransferByKind;
  readonly databaseBytes: number;
  readonly traces: number;
}

interface MeasureOptions {
  /** Keep the files. */
  readonly keep?: boolean;
  /** The checkout of the program to measure; this one by default. */
  readonly checkout?: string;
}

const end = Date.parse('2026-03-01T12:00:00Z') / 1000;
const halfHour = 1800;

/**
 * Runs pstrace on a mesh, again half an hour later, and renders twice. The floor of each run
 * requests the same paths.
 */
export async function measureMesh(
  mesh: Mesh,
  { keep = false, checkout = root }: MeasureOptions = {},
): Promise<Measured> {
  const work = mkdtempSync(join(tmpdir(), 'pstrace-bench-'));
  const measure = meter(work);
  const program = join(checkout, 'bin/pstrace');
  const pstrace = (clock: number, ...args: readonly string[]) => measure([program, ...args], clock);
  await warm(pstrace, work);
  const archive = await startArchive(serverOptions(mesh), join(work, 'requests'));
  const site = ['--out', join(work, 'html'), '--state', join(work, 'var')];
  const windowSeconds = mesh.hours * 3600;
  const runOptions = ['--concurrency', String(mesh.concurrency)];
  if (mesh.tls) runOptions.push('--insecure');
  const run = (at: number) =>
    pstrace(at, archive.url, String(windowSeconds), ...site, ...runOptions);
  const floor = async () => {
    const file = join(work, 'paths');
    writeFileSync(file, archive.takePaths().join('\n'));
    const script = join(root, 'bench/floor.ts');
    const { origin } = new URL(archive.url);
    const usage = await measure([process.execPath, script, origin, file, String(mesh.concurrency)]);
    archive.takePaths();
    return usage;
  };
  try {
    const first = await run(end);
    const firstFloor = await floor();
    cpSync(join(work, 'html/.site'), join(work, 'first'), {
      recursive: true,
      preserveTimestamps: true,
      verbatimSymlinks: true,
    });
    const second = await run(end + halfHour);
    const transfer = siteTransfer(join(work, 'first/current'), join(work, 'html/.site/current'));
    const secondFloor = await floor();
    const draw = () => pstrace(end + halfHour, 'render', ...site);
    rmSync(join(work, 'html'), { recursive: true });
    const render = await draw();
    const again = await draw();
    const databaseBytes = statSync(join(work, 'var/pstrace.db')).size;
    const traces = (mesh.pairs * windowSeconds) / 600;
    return {
      ...{ firstFloor, first, secondFloor, second, render, again },
      ...{ databaseBytes, traces, transfer },
    };
  } finally {
    archive.stop();
    if (!keep) rmSync(work, { recursive: true });
  }
}

/**
 * Fills the compile cache of Node.js with a run on two pairs. Runs from cron have it filled, too.
 */
async function warm(
  pstrace: (clock: number, ...args: readonly string[]) => Promise<Usage>,
  work: string,
): Promise<void> {
  const folder = join(work, 'warm');
  mkdirSync(folder);
  const archive = await startArchive(['--pairs', '2'], join(folder, 'requests'));
  const site = ['--out', join(folder, 'html'), '--state', join(folder, 'var')];
  try {
    await pstrace(end, archive.url, '7200', ...site);
    await pstrace(end, 'render', ...site);
  } finally {
    archive.stop();
  }
}

function serverOptions(mesh: Mesh): string[] {
  const flags = [
    mesh.stable ? ['--stable'] : [],
    mesh.pretty ? ['--pretty'] : [],
    mesh.tls ? ['--tls'] : [],
  ].flat();
  const values = {
    pairs: mesh.pairs,
    variants: mesh.variants,
    latency: mesh.latencyMs,
    'ms-per-trace': mesh.msPerTrace,
  };
  return [
    ...flags,
    ...Object.entries(values).flatMap(([name, value]) => [`--${name}`, `${value}`]),
  ];
}
