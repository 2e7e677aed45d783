import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseConfig } from '../config/load.ts';
import { rejectStateInsideSite } from '../config/stateFolder.ts';
import { type ExitCode, exitCodes } from '../lib/exitCodes.ts';
import { absolutePath } from '../lib/files.ts';
import { daySeconds, hourSeconds } from '../model/values/time.ts';
import type { AlertSettings } from '../notify/routing/alertSettings.ts';
import { detect } from '../pipeline/detect/detect.ts';
import { run } from '../pipeline/run.ts';
import type { Session } from '../pipeline/session.ts';
import { withStateLock } from '../pipeline/stateLock.ts';
import { openArchive } from '../sources/esmond/archive.ts';
import { startDemoArchive } from './archive/server.ts';

/** The scenario of the demo takes two days. */
const windowSeconds = 2 * daySeconds;
/** The demo simulates hourly runs. The time before the first of them is its history. */
const historySeconds = 8 * hourSeconds;
const runIntervalSeconds = hourSeconds;
/** A fixed seed: the network and its events are always the same. */
export const demoSeed = 1;
const concurrency = 4;

/**
 * Serves a simulated archive on a free port of this host, runs pstrace on it over HTTP and prints
 * the folder of the pages. Without `state`, each demo starts with an empty database, because the
 * scenario ends now. Without `out`, the pages go to the usual folder unless it may contain real
 * ones.
 */
export async function demo(
  { out, state }: { readonly out?: string; readonly state?: string },
  root: string,
  session: Session,
): Promise<ExitCode> {
  const { config: defaults } = parseConfig('', join(root, 'conf/pstrace.toml'), root);
  if (defaults === null) throw new Error('the default configuration is invalid');
  const demoState = join(root, 'var/demo');
  if (state === undefined) {
    const code = await withStateLock(demoState, session, () => removeDemoState(demoState));
    if (code !== exitCodes.ok) return code;
  }
  const hasRealDatabase = existsSync(join(defaults.state, 'pstrace.db'));
  const config = {
    ...defaults,
    title: 'Demo mesh',
    out: absolutePath(out ?? (hasRealDatabase ? join(demoState, 'html') : defaults.out)),
    state: absolutePath(state ?? demoState),
  };
  rejectStateInsideSite(config.state, config.out);
  const server = await startDemoArchive({
    port: 0,
    now: session.now,
    seed: demoSeed,
    dialect: 'elmond',
  });
  try {
    const options = {
      url: server.url,
      caPem: null,
      insecure: false,
      concurrency,
      timeoutSeconds: config.timeoutSeconds,
      retries: config.retries,
      maxResponseBytes: config.maxResponseBytes,
      maxTotalBytes: config.maxTotalBytes,
      maxTotalSeconds: config.runLimitSeconds,
    };
    const tests = openArchive(options, session.log);
    const archives = [{ stream: null, tests, concurrency }];
    const window = { from: session.now - windowSeconds, to: session.now };
    const mail = join(config.state, 'mail');
    const alerts = catchAllSettings(mail, `${pathToFileURL(config.out)}/`);
    const isReplayed = existsSync(join(config.state, 'pstrace.db'));
    const psconfig = { ...config.psconfig, locations: [server.templateUrl] };
    const job = { archives, window, config: { ...config, psconfig }, alerts };
    const code = await run(job, session, isReplayed ? detect : detectHourly);
    const page = join(config.out, 'index.html');
    if (existsSync(page)) {
      session.print(`The pages are in ${config.out}; open ${pathToFileURL(page)}`);
      session.print(`The mails that it would send are in ${mail}: ${countMails(mail)} mails`);
    }
    return code;
  } finally {
    await server.close();
  }
}

function countMails(folder: string): number {
  const exists = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return exists ? readdirSync(folder).length : 0;
}

/** Detects as hourly runs over the whole window would have, so that the demo has mails to show. */
const detectHourly: typeof detect = async (run, collected, now) => {
  const { from, to } = run.window;
  for (let moment = from + historySeconds; moment < to; moment += runIntervalSeconds)
    await detect(run, collected, moment);
  await detect(run, collected, now);
};

/** Settings with one recipient of all notifications, whose mails are written into a folder. */
function catchAllSettings(folder: string, baseUrl: string): AlertSettings {
  return {
    baseUrl,
    prefix: '[pstrace demo]',
    groupWaitSeconds: null,
    from: 'pstrace <pstrace@demo.example>',
    contact: null,
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

async function removeDemoState(state: string): Promise<ExitCode> {
  for (const part of ['', '-wal', '-shm'])
    rmSync(join(state, `pstrace.db${part}`), { force: true });
  rmSync(join(state, 'mail'), { recursive: true, force: true });
  return exitCodes.ok;
}
