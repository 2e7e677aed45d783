import { relative, resolve } from 'node:path';
import { type Config, loadConfig } from '../config/load.ts';
import { exitCodes } from '../lib/exitCodes.ts';
import { packageRoot } from '../lib/packageRoot.ts';
import { UsageError } from '../lib/usageError.ts';
import { homeOf } from './home.ts';
import type { RunOptions, SiteCommandOptions } from './options.ts';

const home = homeOf(packageRoot, process.env);

/** html/ and var/ of the defaults are here, whatever the working directory. */
export const root = home.folder;

/** The configuration: command line over file over defaults. Throws a `Refusal` with everything that is wrong. */
export function loadSiteConfig(options: SiteCommandOptions & Pick<RunOptions, 'timeout'>): Config {
  const file = resolve(options.config ?? home.configuration);
  const { config, faults } = loadConfig(file, root, options.config !== undefined);
  if (config === null) throw new UsageError(exitCodes.configuration, faults);
  const out = options.out === undefined ? config.out : resolve(options.out);
  const state = options.state === undefined ? config.state : resolve(options.state);
  rejectStateInsideSite(state, out);
  return { ...config, out, state, timeoutSeconds: options.timeout ?? config.timeoutSeconds };
}

/** Throws a `Refusal` where the state would be among the pages. */
export function rejectStateInsideSite(state: string, out: string): void {
  if (relative(out, state).startsWith('..')) return;
  const message = `The state (${state}) is within the pages (${out}), where every reader could fetch it.`;
  const remedy = 'Keep it elsewhere: --state, or state in the configuration.';
  throw new UsageError(exitCodes.configuration, [
    { kind: 'misconfigured', subject: state, message, remedy },
  ]);
}
