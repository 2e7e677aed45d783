import { createReadStream, statSync } from 'node:fs';
import { fileFailure } from '../../lib/files.ts';
import { unpackFile } from '../packed/unpackFile.ts';
import type { FileResume, ImportPart } from '../types.ts';
import type { ImportFile, ImportOptions } from './importFacts.ts';
import { readLines } from './linePieces.ts';
import { createDocumentReader } from './outputFormats.ts';
import { createResumePoint } from './resumePoint.ts';
import { createRunCollector } from './runCollector.ts';
import { createSkippedParts } from './skippedParts.ts';

/** Bytes that are read at a time. */
const chunkBytes = 262_144;
/** Runs of one part. */
const runsPerPart = 1000;

/**
 * Imports a file of mtr, traceroute or tracepath output; with `resume`, what the file has gained
 * since the import that returned it. If the file cannot be read to its end,
 * throws an `ExpectedError` after the parts that could be read.
 */
export async function* importFile(
  path: string,
  options: ImportOptions,
  resume: FileResume | null = null,
): AsyncGenerator<ImportPart> {
  try {
    const modifiedAt = Math.floor(statSync(path).mtimeMs / 1000);
    const start = resume?.byte ?? 0;
    const chunks = createReadStream(path, { highWaterMark: chunkBytes, start });
    yield* importRuns({ name: path, chunks, modifiedAt, resume }, options);
  } catch (error) {
    throw fileFailure(error, 'cannot read the file', path);
  }
}

/** Imports the runs of a file, or of every file in a packed one. */
export async function* importRuns(
  file: ImportFile,
  options: ImportOptions,
): AsyncGenerator<ImportPart> {
  if (file.resume) {
    yield* importPlainFile(file, options);
    return;
  }
  for await (const { isPacked, ...plain } of unpackFile(file)) {
    for await (const part of importPlainFile(plain, options)) {
      yield isPacked ? { ...part, resume: null } : part;
    }
  }
}

/**
 * Imports runs in any sequence of formats. An invalid part becomes a problem with its position; the
 * others are imported.
 */
async function* importPlainFile(
  file: ImportFile,
  options: ImportOptions,
): AsyncGenerator<ImportPart> {
  const skipped = createSkippedParts(file);
  const collector = createRunCollector(file, options, skipped);
  const { resume = null } = file;
  const resumePoint = createResumePoint(collector.sink, resume);
  const reader = createDocumentReader(resumePoint.sink);
  const from = { number: resume?.line ?? 1, byte: resume?.byte ?? 0 };
  let readBytes = from.byte;
  let total = from.byte;
  let reported = total;
  const nextPart = (isEnd: boolean): ImportPart => {
    const bytes = total - reported;
    reported = total;
    const problems = skipped.takeProblems(isEnd);
    return { ...collector.takePart(), problems, bytes, resume: resumePoint.next(readBytes) };
  };
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of file.chunks) {
      readBytes += chunk.length;
      yield chunk;
    }
  }
  for (const text of resume?.context ?? []) {
    reader.readLine({ text, ...from, startsLine: true, endsLine: true });
  }
  try {
    for await (const lines of readLines(chunks(), from)) {
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
  for (const _ of collector.addHeldRuns()) {
    if (collector.runs >= runsPerPart) yield nextPart(false);
  }
  if (total === 0) skipped.record('it is empty', { line: 1, byte: 0 }, { remedy: emptyRemedy });
  yield nextPart(true);
}

const emptyRemedy =
  'mtr writes nothing if it cannot resolve the name or may not send; see its standard error.';
