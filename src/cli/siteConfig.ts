import { join, resolve } from 'node:path';
import { type Config, loadConfig } from '../config/load.ts';
import { rejectStateInsideSite } from '../config/stateFolder.ts';
import { exitCodes } from '../lib/exitCodes.ts';
import { UsageError } from '../lib/usageError.ts';
import type { SiteCommandOptions } from './options.ts';

/** The folder of pstrace holds the default html/, var/ and conf/, whatever the working directory. */
export const root = resolve(import.meta.dirname, '../..');

/**
 * The configuration: the command line wins over the file, the file over the defaults. Throws a
 * `UsageError` that lists all faults.
 */
export function loadSiteConfig(
  options: SiteCommandOptions & { readonly timeout?: number },
): Config {
  const file = resolve(options.config ?? join(root, 'conf/pstrace.toml'));
  const { config, faults } = loadConfig(file, root, options.config !== undefined);
  if (config === null) throw new UsageError(exitCodes.configuration, faults);
  const out = options.out === undefined ? config.out : resolve(options.out);
  const state = options.state === undefined ? config.state : resolve(options.state);
  rejectStateInsideSite(state, out);
  return { ...config, out, state, timeoutSeconds: options.timeout ?? config.timeoutSeconds };
}
