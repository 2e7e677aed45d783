import { createReadStream, statSync } from 'node:fs';
import { fileFailure } from '../../lib/files.ts';
import type { Problem } from '../../model/problem.ts';
import { createDocumentReader } from './formats.ts';
import type { ImportOptions, RunFile } from './importFacts.ts';
import { readLines } from './lines.ts';
import type { LocalReading } from './readings.ts';
import { createRunCollector } from './runCollector.ts';
import { createSkipped } from './skipped.ts';

/** Part of a file, so that a file of any size is taken in with little memory. */
export interface ImportPart {
  readonly readings: readonly LocalReading[];
  readonly problems: readonly Problem[];
  /** Runs in `readings`. */
  readonly runs: number;
  /** Those of them in which a host is told by its name alone: such hops count as silent. */
  readonly namedRuns: number;
  /** Bytes of the file that have been read since the part before. */
  readonly bytes: number;
}

/** Runs after which a part is handed over. */
const runsOfPart = 1000;

/**
 * Takes in a file of mtr, traceroute or tracepath output. Throws an `ExpectedError` when it cannot be read, after everything
 * that could be.
 */
export async function* importFile(
  path: string,
  options: ImportOptions,
): AsyncGenerator<ImportPart> {
  try {
    const modifiedAt = Math.floor(statSync(path).mtimeMs / 1000);
    const chunks = createReadStream(path, { highWaterMark: 262_144 });
    yield* importRuns({ name: path, chunks, modifiedAt }, options);
  } catch (error) {
    throw fileFailure(error, 'cannot read the file', path);
  }
}

/**
 * Takes in output of any form, in which runs of any form may follow each other. What is damaged becomes a problem with its
 * place and the rest goes in.
 */
export async function* importRuns(
  file: RunFile,
  options: ImportOptions,
): AsyncGenerator<ImportPart> {
  const skipped = createSkipped(file.name);
  const collector = createRunCollector(file, options, skipped);
  const reader = createDocumentReader(collector.sink);
  let [total, handedOver] = [0, 0];
  const part = (isEnd: boolean): ImportPart => {
    const bytes = total - handedOver;
    handedOver = total;
    return { ...collector.take(), problems: skipped.take(isEnd), bytes };
  };
  try {
    for await (const lines of readLines(file.chunks)) {
      for (const line of lines) {
        reader.take(line);
        total = line.byte + line.text.length;
      }
      if (collector.runs >= runsOfPart) yield part(false);
    }
  } catch (error) {
    yield part(true);
    throw error;
  }
  reader.end();
  if (total === 0) skipped.note('it is empty', { line: 1, byte: 0 }, emptyRemedy);
  yield part(true);
}

const emptyRemedy =
  'mtr writes nothing when it cannot resolve the name or may not send; what it says then is on its standard error.';
