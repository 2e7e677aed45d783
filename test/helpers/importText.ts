import type { Problem } from '../../src/model/run/problem.ts';
import type { ImportOptions } from '../../src/sources/mtr/importFacts.ts';
import { importRuns } from '../../src/sources/mtr/importRuns.ts';
import type { FileResume, LocalReading } from '../../src/sources/types.ts';

/** Time at which the files of the tests were written, epoch seconds. */
export const writtenAt = 1_795_300_000;

export const importOptions: ImportOptions = {
  source: null,
  destination: null,
  startedAt: null,
  intervalSeconds: null,
  family: null,
  protocol: null,
  port: null,
  thisHost: 'collector.example.net',
  now: writtenAt + 3600,
};

/** Everything that came out of a file. */
export interface Imported {
  readonly readings: readonly LocalReading[];
  readonly problems: readonly Problem[];
  readonly runs: number;
  readonly namedRuns: number;
  readonly resume: FileResume | null;
}

/**
 * Takes a text in as a file; `chunkBytes`: how much of it arrives at a time; `resume`: what an
 * import of the shorter text returned.
 */
export async function importText(
  text: string | Uint8Array,
  options: Partial<ImportOptions> = {},
  {
    name = 'runs.txt',
    chunkBytes = 65_536,
    resume = null,
  }: { name?: string; chunkBytes?: number; resume?: FileResume | null } = {},
): Promise<Imported> {
  const bytes = Buffer.from(text);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = resume?.byte ?? 0; at < bytes.length; at += chunkBytes)
      yield bytes.subarray(at, at + chunkBytes);
  }
  const readings: LocalReading[] = [];
  const problems: Problem[] = [];
  let [runs, namedRuns] = [0, 0];
  const file = { name, chunks: chunks(), modifiedAt: writtenAt, resume };
  let next: FileResume | null = null;
  for await (const part of importRuns(file, { ...importOptions, ...options })) {
    readings.push(...part.readings);
    problems.push(...part.problems);
    runs += part.runs;
    namedRuns += part.namedRuns;
    next = part.resume;
  }
  return { readings, problems, runs, namedRuns, resume: next };
}

/** The only test of a file with its only trace. */
export function soleRun({ readings, problems }: Imported) {
  const [reading] = readings;
  const [trace] = reading?.traces ?? [];
  if (reading === undefined || trace === undefined || readings.length > 1) {
    throw new Error(`not one run: ${readings.length} tests, ${JSON.stringify(problems)}`);
  }
  const hops = trace.route.hops.map(({ ttl, addresses }) => `${ttl} ${addresses.join('/') || '*'}`);
  return { ...reading, trace, hops };
}
