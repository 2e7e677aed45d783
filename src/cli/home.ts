import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const systemHome = '/var/lib/pstrace';
const systemConfiguration = '/etc/pstrace/pstrace.toml';

/** Where the files of the user are, independent of the working directory. */
export interface Home {
  /** Contains html/ and var/ by default. */
  readonly folder: string;
  /** The configuration file, unless --config names another. */
  readonly configuration: string;
}

/**
 * A checkout is its own home. An installed package, which npm replaces as a whole, has its home in
 * /var/lib/pstrace if that folder exists, else in the user's data folder. /etc/pstrace/pstrace.toml
 * takes precedence over the configuration there.
 */
export function homeOf(
  packageRoot: string,
  env: Readonly<Record<string, string | undefined>>,
  exists: (path: string) => boolean = existsSync,
): Home {
  if (basename(dirname(packageRoot)) !== 'node_modules') return homeIn(packageRoot);
  const ofUser = join(env.XDG_DATA_HOME || join(env.HOME || homedir(), '.local/share'), 'pstrace');
  const home = homeIn(exists(systemHome) ? systemHome : ofUser);
  return exists(systemConfiguration) ? { ...home, configuration: systemConfiguration } : home;
}

function homeIn(folder: string): Home {
  return { folder, configuration: join(folder, 'conf/pstrace.toml') };
}
