import type { Config } from '../config/load.ts';
import { fileFailure } from '../lib/files.ts';
import type { ImportOptions } from '../sources/mtr/importFacts.ts';
import { type ImportPart, importFile, importRuns } from '../sources/mtr/importRuns.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';
import type { ImportCommandOptions } from './options.ts';
import { warnOf } from './problems.ts';
import type { Session } from './session.ts';
import { alone, withStore } from './state.ts';
import { nameOfThisHost, sumOf, type TakenIn, takeIn } from './takeIn.ts';

const stdinName = 'stdin';

/** `pstrace import FILE...`: takes in output of mtr, traceroute and tracepath, from stdin for null. */
export function importFiles(
  files: readonly (string | null)[],
  config: Config,
  options: ImportCommandOptions,
  session: Session,
): Promise<ExitCode> {
  const facts = importFacts(config, options, session.now);
  return alone(config.state, session, () =>
    withStore(config.state, session, 'write', async (store) => {
      const display = session.progress.phase('files', files.length);
      const taken: TakenIn[] = [];
      for (const file of files) {
        const parts = file === null ? readStdin(facts) : importFile(file, facts);
        taken.push(await takeIn(file ?? stdinName, parts, store, session));
        display.step();
      }
      return report(sumOf(taken), [...store.problems], session);
    }),
  );
}

function report(
  { runs, newTraces, namedRuns, problems }: TakenIn,
  before: TakenIn['problems'],
  session: Session,
): ExitCode {
  const all = [...before, ...problems];
  warnOf(all, session.log, '');
  if (namedRuns > 0) {
    session.log.warn(
      `${namedRuns} of ${runs} runs name hosts without their addresses; such hops count as silent. Let mtr write addresses: -n or -b.`,
    );
  }
  if (runs === 0) {
    session.log.error('nothing usable was in it; nothing was taken in');
    return exitCodes.nothing;
  }
  session.log.info('runs taken in', { runs, newTraces });
  session.tell(`${runs} runs taken in, with ${newTraces} traces that were not there yet`);
  return all.length === 0 ? exitCodes.good : exitCodes.problems;
}

/** What is told of the runs beside what files tell themselves. */
export function importFacts(
  { mtr }: Config,
  options: ImportCommandOptions,
  now: number,
): ImportOptions {
  return {
    source: options.source ?? null,
    destination: options.destination ?? null,
    startedAt: options.time ?? null,
    spacingSeconds: options.spacing ?? null,
    family: options.family ?? null,
    protocol: options.protocol ?? null,
    port: options.port ?? null,
    thisHost: nameOfThisHost(mtr),
    now,
  };
}

async function* readStdin(facts: ImportOptions): AsyncGenerator<ImportPart> {
  try {
    yield* importRuns({ name: stdinName, chunks: process.stdin, modifiedAt: null }, facts);
  } catch (error) {
    throw fileFailure(error, 'cannot read', stdinName);
  }
}
