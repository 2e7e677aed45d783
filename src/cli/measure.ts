import type { Config } from '../config/load.ts';
import type { Problem } from '../model/problem.ts';
import { type MeasuredRun, measureAll } from '../sources/mtr/measure.ts';
import { loadTargets } from '../sources/targets/load.ts';
import type { Target } from '../sources/targets/target.ts';
import type { Store } from '../store/store.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';
import { askDns, lookUpSystems } from './lookups.ts';
import type { MtrCommandOptions } from './options.ts';
import { countAlike, warnOf } from './problems.ts';
import { Refusal } from './refusal.ts';
import type { Session } from './session.ts';
import { alone, withStore } from './state.ts';
import { nameOfThisHost, storeRuns } from './takeIn.ts';

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
  const { targets, faults } = loadTargets(file ?? config.mtr.targetsFile);
  if (faults.length > 0) throw new Refusal(exitCodes.configuration, faults);
  return alone(config.state, session, () =>
    withStore(config.state, session, 'write', async (store) => {
      const outcome = await measureInto(store, targets, config, options, session);
      const problems = [...store.problems, ...(await lookUpSystems(store, config, session))];
      await askDns(store, config, session);
      return report(outcome, problems, session);
    }),
  );
}

/** The runs that were made: how many brought a trace, and why the others did not. */
interface Outcome {
  readonly measured: number;
  readonly failures: readonly Problem[];
}

async function measureInto(
  store: Store,
  targets: readonly Target[],
  { mtr }: Config,
  options: MtrCommandOptions,
  session: Session,
): Promise<Outcome> {
  const display = session.progress.phase('targets', targets.length);
  const failures: Problem[] = [];
  let measured = 0;
  // A store that fails ends what is still being measured.
  const failed = new AbortController();
  const keep = (runs: readonly MeasuredRun[]) => {
    try {
      storeRuns(runs, store, session.now);
    } catch (error) {
      failed.abort(error);
      throw error;
    }
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
  await measureAll(targets, how, keep);
  return { measured, failures };
}

function report(
  { measured, failures }: Outcome,
  before: readonly Problem[],
  { log, tell }: Session,
): ExitCode {
  warnOf([...before, ...countAlike(failures)], log);
  const failed = failures.length;
  log.info('targets measured', { measured, failed });
  tell(`${measured} paths measured, ${failed} failed`);
  if (measured > 0) return failed + before.length === 0 ? exitCodes.good : exitCodes.problems;
  log.error('no path could be measured');
  return exitCodes.nothing;
}
