import { createHash } from 'node:crypto';
import type { Config } from '../config/load.ts';
import type { Problem } from '../model/problem.ts';
import { type MeasuredRun, measureAll } from '../sources/mtr/measure.ts';
import { loadTargets } from '../sources/targets/load.ts';
import type { Target } from '../sources/targets/target.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';
import { lookUpAside } from './lookUpAside.ts';
import type { MtrCommandOptions } from './options.ts';
import { countAlike, warnOf } from './problems.ts';
import { Refusal } from './refusal.ts';
import { createSink } from './resultSink.ts';
import type { Session } from './session.ts';
import { alone } from './state.ts';
import { nameOfThisHost } from './takeIn.ts';

/**
 * `pstrace mtr [FILE]`: runs mtr over all targets of a file, that of the configuration for null, and stores the results.
 * Throws a `Refusal` when anything is wrong with the file.
 */
export function measure(
  file: string | null,
  config: Config,
  options: MtrCommandOptions,
  session: Session,
): Promise<ExitCode> {
  const path = file ?? config.mtr.targetsFile;
  const { targets, faults } = loadTargets(path);
  if (faults.length > 0) throw new Refusal(exitCodes.configuration, faults);
  const work = async () => {
    const outcome = await measureInto(targets, config, options, session);
    const problems = [...outcome.problems, ...(await lookUpAside(config, session))];
    return report({ ...outcome, problems }, session);
  };
  return alone(config.state, session, work, lockFor(path));
}

/** Two processes need not measure the same targets at the same time; others may. */
function lockFor(file: string): string {
  return `mtr-${createHash('sha256').update(file).digest('hex').slice(0, 12)}.lock`;
}

/** The runs that were made: how many brought a trace, why the others did not, and what storing them met with. */
interface Outcome {
  readonly measured: number;
  readonly failures: readonly Problem[];
  readonly problems: readonly Problem[];
}

/** How long the results wait for another pstrace that has the store: longer than most runs take. */
const patienceMs = 900_000;
/** And after a signal. */
const shortPatienceMs = 3000;

async function measureInto(
  targets: readonly Target[],
  { state, mtr }: Config,
  options: MtrCommandOptions,
  session: Session,
): Promise<Outcome> {
  const display = session.progress.phase('targets', targets.length);
  const failures: Problem[] = [];
  let measured = 0;
  // A store that fails ends what is still being measured.
  const failed = new AbortController();
  const sink = createSink(state, session, (error) => failed.abort(error));
  const keep = (runs: readonly MeasuredRun[]) => {
    sink.put(runs);
    failures.push(...runs.flatMap(({ problem }) => problem ?? []));
    measured += runs.filter(({ trace }) => trace !== null).length;
    display.step();
  };
  const how = {
    command: mtr.command,
    limitSeconds: options.limit ?? mtr.limitSeconds,
    parallel: options.parallel ?? mtr.parallel,
    source: nameOfThisHost(mtr),
    environment: process.env,
    signal: AbortSignal.any([session.signal, failed.signal]),
    now: session.clock,
  };
  let lost = 0;
  try {
    await measureAll(targets, how, keep);
  } finally {
    lost = await sink.finish((why) => {
      if (why === 'failed') return 0;
      return session.signal.aborted ? shortPatienceMs : patienceMs;
    });
  }
  failed.signal.throwIfAborted();
  return { measured, failures, problems: [...sink.problems, ...lostResults(lost, state)] };
}

function lostResults(lost: number, state: string): Problem[] {
  if (lost === 0) return [];
  const message = `another pstrace had the state for too long; ${lost} results are lost`;
  return [{ kind: 'store', subject: state, message, remedy: 'See what it is waiting for.' }];
}

function report({ measured, failures, problems }: Outcome, { log, tell }: Session): ExitCode {
  warnOf([...problems, ...countAlike(failures)], log);
  const failed = failures.length;
  log.info('targets measured', { measured, failed });
  tell(`${measured} paths measured, ${failed} failed`);
  // A target that fails is told and stored; it must not keep what follows `&&` in a crontab from showing it.
  if (measured > 0) return problems.length === 0 ? exitCodes.good : exitCodes.problems;
  log.error('no path could be measured');
  return exitCodes.nothing;
}
