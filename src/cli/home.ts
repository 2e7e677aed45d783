import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const systemHome = '/var/lib/pstrace';
const systemConfiguration = '/etc/pstrace/pstrace.toml';

/** Where pstrace keeps what is the user's own, whatever the working directory. */
export interface Home {
  /** html/ and var/ of the defaults are here. */
  readonly folder: string;
  /** The configuration that is read unless another is named. */
  readonly configuration: string;
}

/**
 * The home of a checkout is the checkout. That of an installed package, which npm replaces as a whole, is /var/lib/pstrace where an
 * administrator has made it, else a folder of the user; /etc/pstrace/pstrace.toml goes before the configuration there.
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
