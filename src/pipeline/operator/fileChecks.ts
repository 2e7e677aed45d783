import type { Config } from '../../config/load.ts';
import { readMaskKey } from '../../mask/maskKey.ts';
import { hidesAnything } from '../../mask/maskRules.ts';
import type { Problem } from '../../model/run/problem.ts';
import type { Session } from '../session.ts';
import { alertFileChecks } from './alertFileChecks.ts';
import { checkIfNamed, checkWritableFolder, runFileCheck } from './fileCheck.ts';
import { sourceFileChecks } from './sourceFileChecks.ts';

/**
 * Reads all files that the configuration names as a run does; returns their faults. Uses no
 * network.
 */
export async function findFileFaults(
  config: Config,
  { log, env }: Pick<Session, 'log' | 'env'>,
): Promise<Problem[]> {
  const { publish, state, alerts, prometheusFile, file } = config;
  const checks = [
    ...sourceFileChecks(config, log),
    ...checkIfNamed(prometheusFile, 'prometheus.file', checkWritableFolder),
    ...(hidesAnything(publish) ? checkIfNamed(state, 'publish', readMaskKey) : []),
    ...(alerts === null ? [] : alertFileChecks(alerts, config, env)),
  ];
  const faults = await Promise.all(checks.map((check) => runFileCheck(check, file)));
  return faults.flat();
}
