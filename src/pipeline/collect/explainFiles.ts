import type { Config } from '../../config/load.ts';
import { ExpectedError } from '../../lib/errors.ts';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import { cleanText } from '../../lib/text.ts';
import type { Problem } from '../../model/run/problem.ts';
import type { ImportOptions } from '../../sources/mtr/importFacts.ts';
import { logProblems } from '../problems.ts';
import type { Session } from '../session.ts';
import { type ImportRequest, readParts, stdinName, toImportOptions } from './importFiles.ts';

type OnRun = NonNullable<ImportOptions['onRun']>;

/** The origin of the time of a run. */
const timeOrigins: Readonly<Record<Parameters<OnRun>[2], string>> = {
  own: 'written in the file',
  first: 'from the name of the file or the command line',
  last: 'from the last change of the file',
};

/** Prints each run of the files as an import reads it; null means stdin. Stores nothing. */
export async function explainFiles(
  files: readonly (string | null)[],
  config: Config,
  request: ImportRequest,
  session: Session,
): Promise<ExitCode> {
  const options = toImportOptions(config, request, session.now);
  const problems: Problem[] = [];
  let runs = 0;
  for (const file of files) {
    const name = file ?? stdinName;
    const onRun: OnRun = (...run) => session.print(`${name}:${explainRun(...run)}`);
    try {
      for await (const part of readParts(file, { ...options, onRun })) {
        session.signal.throwIfAborted();
        runs += part.runs;
        problems.push(...part.problems);
      }
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
      problems.push(error.toProblem());
    }
  }
  logProblems(problems, session.log, '');
  if (runs === 0) return exitCodes.failed;
  return problems.length === 0 ? exitCodes.ok : exitCodes.partial;
}

/** One line: position, format, ends, time and hops of a run. */
function explainRun(...[{ test, trace, failure }, { line, format }, origin]: Parameters<OnRun>) {
  const at = trace?.startedAt ?? failure?.at ?? 0;
  const time = `${new Date(at * 1000).toISOString().replace('.000', '')} (${timeOrigins[origin]})`;
  const ends = [test.source, test.destination].map(({ name }) => cleanText(name) ?? '');
  const { hops = [], reached = false } = trace?.route ?? {};
  const silent = hops.filter(({ addresses }) => addresses.length === 0).length;
  const route = `${hops.length} hops, ${silent} silent, ${reached ? '' : 'not '}reached`;
  return `${line}: ${format}, IPv${test.family}, ${ends.join(' > ')}, ${time}, ${route}`;
}
