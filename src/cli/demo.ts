import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseConfig } from '../config/load.ts';
import { startDemoArchive } from '../demo/archive/server.ts';
import { openArchive } from '../sources/esmond/archive.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';
import type { SiteOptions } from './options.ts';
import { run } from './run.ts';
import type { Session } from './session.ts';
import { alone } from './state.ts';

/** The demo tells a story of two days. */
const periodSeconds = 2 * 86_400;
/** The same network and the same story every time. */
export const seed = 1;
const concurrency = 4;

/**
 * Plays an archive on a free port of this host, runs pstrace on it over HTTP and says where the pages are. `out` and
 * `state` are the user's own wishes. Without them the state is a fresh one every time, for the story ends now; and the
 * pages go where those of a run go, unless real ones may be there.
 */
export async function demo(
  { out, state }: Pick<SiteOptions, 'out' | 'state'>,
  root: string,
  session: Session,
): Promise<ExitCode> {
  const { config: defaults } = parseConfig('', join(root, 'conf/pstrace.toml'), root);
  if (defaults === null) throw new Error('an empty configuration is refused');
  const ownState = join(root, 'var/demo');
  if (state === undefined) {
    const code = await alone(ownState, session, () => forget(ownState));
    if (code !== exitCodes.good) return code;
  }
  const hasReal = existsSync(join(defaults.state, 'pstrace.db'));
  const config = {
    ...defaults,
    title: 'Demo mesh',
    out: resolve(out ?? (hasReal ? join(ownState, 'html') : defaults.out)),
    state: resolve(state ?? ownState),
  };
  const served = await startDemoArchive({ port: 0, now: session.now, seed, dialect: 'elmond' });
  try {
    const options = {
      url: served.url,
      caPem: null,
      insecure: false,
      concurrency,
      timeoutSeconds: config.timeoutSeconds,
      retries: config.retries,
      maxAnswerBytes: config.maxAnswerBytes,
    };
    const archives = [{ archive: openArchive(options, session.log), concurrency }];
    const window = { from: session.now - periodSeconds, to: session.now };
    const code = await run({ archives, window, config }, session);
    const page = join(config.out, 'index.html');
    if (code === exitCodes.good) {
      session.say(`The pages are in ${config.out}; open ${pathToFileURL(page)}`);
    }
    return code;
  } finally {
    await served.close();
  }
}

async function forget(state: string): Promise<ExitCode> {
  for (const part of ['', '-wal', '-shm'])
    rmSync(join(state, `pstrace.db${part}`), { force: true });
  return exitCodes.good;
}
