/**
 * `npm run bench -- import [--runs 10000] [--checkout DIR]`: imports a file of runs in each format,
 * and prints how many runs per CPU second the program reads, and its memory. Another checkout is
 * measured in turn with this one, and its figures come first.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { randomFrom } from '../src/demo/random.ts';
import { drawRun } from '../test/fuzz/modelRun.ts';
import { type ToolWriter, toolWriters } from '../test/fuzz/toolWriters.ts';
import { meter, root, type Usage } from './measured.ts';

const startsAt = Date.parse('2026-03-01T00:00:00Z') / 1000;
const spacingSeconds = 300;
/** Different routes with their times; a file repeats them. */
const routes = 200;

const target = '203.0.113.9';

/** A file of runs as a tool writes them, each with a reply at its first hop. */
function fileOf(writer: ToolWriter, runs: number): string {
  const drawn = Array.from({ length: 2 * routes }, (_, seed) =>
    drawRun(randomFrom(seed), writer.hosts, writer.probes),
  ).filter((run) => run.target === target);
  const texts: string[] = [];
  for (let index = 0; index < runs; index += 1) {
    const run = drawn[index % routes];
    if (run === undefined) throw new Error('too few runs over IPv4');
    const startedAt = startsAt + index * spacingSeconds;
    const hops = [[{ address: '192.0.2.254', ms: 0.3 }], ...run.hops];
    texts.push(writer.write({ ...run, hops, startedAt }, randomFrom(index)));
  }
  return texts.join('');
}

/** Imports of a file; the one with the least CPU time counts, because other work disturbs them. */
const rounds = 3;

/** Runs per CPU second, and memory. */
function figures(usages: readonly Usage[], runs: number): string {
  if (usages.length === 0) return 'not read';
  const cpuSeconds = Math.min(...usages.map((usage) => usage.cpuSeconds));
  const megabytes = Math.min(...usages.map((usage) => usage.peakMegabytes));
  return `${(runs / cpuSeconds).toFixed(0)} per CPU second, ${megabytes.toFixed(0)} MB`;
}

/** Measures all formats. */
export async function benchImport(operands: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...operands],
    options: { runs: { type: 'string', default: '10000' }, checkout: { type: 'string' } },
  });
  const runs = Number(values.runs);
  const work = mkdtempSync(join(tmpdir(), 'pstrace-bench-'));
  const measure = meter(work);
  const checkouts = [values.checkout ?? [], root].flat();

  /** Imports a file into an empty state; null if the program does not read it. */
  async function importOnce(checkout: string, file: string): Promise<Usage | null> {
    const state = join(work, 'state');
    rmSync(state, { recursive: true, force: true });
    const time = new Date(startsAt * 1000).toISOString();
    const facts = ['--destination', target, '--time', time, '--spacing', `${spacingSeconds}s`];
    const program = join(checkout, 'bin/pstrace');
    return measure([program, 'import', '--state', state, ...facts, file]).catch(() => null);
  }

  try {
    for (const writer of toolWriters) {
      const file = join(work, 'runs');
      writeFileSync(file, fileOf(writer, runs));
      const usages = checkouts.map((): Usage[] => []);
      for (let round = 0; round < rounds; round += 1) {
        for (const [index, checkout] of checkouts.entries()) {
          usages[index]?.push(...[(await importOnce(checkout, file)) ?? []].flat());
        }
      }
      const found = usages.map((known) => figures(known, runs).padEnd(32));
      console.log(`${writer.name.padEnd(34)} ${found.join('')}`);
    }
  } finally {
    rmSync(work, { recursive: true });
  }
}
