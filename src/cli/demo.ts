import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseConfig } from '../config/load.ts';
import { startDemoArchive } from '../demo/archive/server.ts';
import type { Interval } from '../model/trace.ts';
import type { AlertSettings } from '../notify/settings.ts';
import { openArchive } from '../sources/esmond/archive.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';
import type { SiteOptions } from './options.ts';
import { run } from './run.ts';
import type { Session } from './session.ts';
import { refusePublishedState } from './settings.ts';
import { alone } from './state.ts';

/** The demo tells a story of two days. */
const periodSeconds = 2 * 86_400;
/** It is told as runs would that look every hour; what was before the first of them is history. */
const historySeconds = 8 * 3600;
const spacingSeconds = 3600;
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
  refusePublishedState(config.state, config.out);
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
      maxTotalBytes: config.maxTotalBytes,
    };
    const archives = [{ archive: openArchive(options, session.log), concurrency }];
    const window = { from: session.now - periodSeconds, to: session.now };
    const mail = join(config.state, 'mail');
    const alerts = catchAll(mail, `${pathToFileURL(config.out)}/`);
    const isTold = existsSync(join(config.state, 'pstrace.db'));
    const story = { moments: isTold ? [] : momentsOf(window), alerts };
    const psconfig = { ...config.psconfig, locations: [served.templateUrl] };
    const job = { archives, window, config: { ...config, psconfig }, story };
    const code = await run(job, session);
    const page = join(config.out, 'index.html');
    if (existsSync(page)) {
      session.say(`The pages are in ${config.out}; open ${pathToFileURL(page)}`);
      session.say(`What would have been mailed is in ${mail}: ${mailsIn(mail)} mails`);
    }
    return code;
  } finally {
    await served.close();
  }
}

function mailsIn(folder: string): number {
  const isThere = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isThere ? readdirSync(folder).length : 0;
}

function momentsOf({ from, to }: Interval): number[] {
  const first = from + historySeconds;
  return Array.from(
    { length: Math.floor((to - first) / spacingSeconds) },
    (_, index) => first + index * spacingSeconds,
  );
}

/** One recipient of everything, whose mails end in a folder and link to the pages. */
function catchAll(folder: string, baseUrl: string): AlertSettings {
  return {
    baseUrl,
    prefix: '[pstrace demo]',
    groupWaitSeconds: null,
    from: 'pstrace <pstrace@demo.example>',
    server: { kind: 'folder', path: folder },
    caPem: null,
    insecure: false,
    timeoutSeconds: 10,
    recipients: [
      {
        name: 'noc',
        to: ['noc@demo.example'],
        webhook: null,
        groups: [],
        tests: [],
        classes: [],
        alertFrom: 'moderate',
        digestFrom: 'minor',
        digestAt: 8 * 60,
        quiet: null,
        timeZone: 'UTC',
        perHour: 10,
      },
    ],
    groups: [],
    maintenance: [],
  };
}

async function forget(state: string): Promise<ExitCode> {
  for (const part of ['', '-wal', '-shm'])
    rmSync(join(state, `pstrace.db${part}`), { force: true });
  rmSync(join(state, 'mail'), { recursive: true, force: true });
  return exitCodes.good;
}
