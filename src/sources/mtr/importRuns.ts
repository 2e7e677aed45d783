import { createReadStream, statSync } from 'node:fs';
import { fileFailure } from '../../lib/files.ts';
import type { ImportPart } from '../types.ts';
import type { ImportFile, ImportOptions } from './importFacts.ts';
import { readLines } from './linePieces.ts';
import { createDocumentReader } from './outputFormats.ts';
import { createRunCollector } from './runCollector.ts';
import { createSkippedParts } from './skippedParts.ts';

/** Runs after which a part is handed over. */
const runsPerPart = 1000;

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
  file: ImportFile,
  options: ImportOptions,
): AsyncGenerator<ImportPart> {
  const skipped = createSkippedParts(file.name);
  const collector = createRunCollector(file, options, skipped);
  const reader = createDocumentReader(collector.sink);
  let [total, reported] = [0, 0];
  const nextPart = (isEnd: boolean): ImportPart => {
    const bytes = total - reported;
    reported = total;
    return { ...collector.takePart(), problems: skipped.takeProblems(isEnd), bytes };
  };
  try {
    for await (const lines of readLines(file.chunks)) {
      for (const line of lines) {
        reader.readLine(line);
        total = line.byte + line.text.length;
      }
      if (collector.runs >= runsPerPart) yield nextPart(false);
    }
  } catch (error) {
    yield nextPart(true);
    throw error;
  }
  reader.end();
  if (total === 0) skipped.record('it is empty', { line: 1, byte: 0 }, emptyRemedy);
  yield nextPart(true);
}

const emptyRemedy =
  'mtr writes nothing when it cannot resolve the name or may not send; what it says then is on its standard error.';
