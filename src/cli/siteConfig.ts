import type { Config } from '../config/load.ts';
import { rejectStateInsideSite } from '../config/stateFolder.ts';
import { exitCodes } from '../lib/exitCodes.ts';
import { absolutePath } from '../lib/files.ts';
import { packageRoot } from '../lib/packageRoot.ts';
import { UsageError } from '../lib/usageError.ts';
import type { Session } from '../pipeline/session.ts';
import { homeOf } from './home.ts';
import type { SiteCommandOptions } from './options.ts';

const home = homeOf(packageRoot, process.env);

/** The folder that holds the default html/ and var/, whatever the working directory. */
export const root = home.folder;

/**
 * The configuration: the command line wins over the file, the file over the defaults. Throws a
 * `UsageError` that lists all faults. Hides the secrets of the configuration from the log.
 */
export async function loadSiteConfig(
  options: SiteCommandOptions & { readonly timeout?: number },
  session: Session,
): Promise<Config> {
  // The schema takes a fifth of a start, and --help and --version read no configuration.
  const { loadConfig } = await import('../config/load.ts');
  const file = absolutePath(options.config ?? home.configuration);
  const { config, faults } = loadConfig(file, root, options.config !== undefined);
  if (config === null) throw new UsageError(exitCodes.configuration, faults);
  const out = options.out === undefined ? config.out : absolutePath(options.out);
  const state = options.state === undefined ? config.state : absolutePath(options.state);
  rejectStateInsideSite(state, out);
  const { hideSecrets } = await import('../pipeline/hideSecrets.ts');
  hideSecrets({ ...config, state }, session);
  return { ...config, out, state, timeoutSeconds: options.timeout ?? config.timeoutSeconds };
}
