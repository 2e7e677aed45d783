import { lstatSync, mkdtempSync, readlinkSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { runChild } from '../../lib/childProcess.ts';
import { ExpectedError } from '../../lib/errors.ts';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import { fileFailure, systemCode } from '../../lib/files.ts';
import { usageError } from '../../lib/usageError.ts';
import { foreignText } from '../../model/run/foreignText.ts';
import type { Session } from '../session.ts';
import { copySteps, type SiteCopy } from './copySteps.ts';

/** A run may replace the site during a copy; a copy takes less than two runs usually. */
const maxAttempts = 3;
/** A step that transfers for longer is given up. */
const stepLimitSeconds = 3600;
/** Exit codes of rsync for files that vanished while it read them. */
const vanishedCodes = [23, 24];

/**
 * Copies the site in `out` to `target`, as rsync names it: a folder, `HOST:FOLDER` or an rsync URL.
 * Readers of the copy see the old site or the new one at any moment. Sends only what differs from
 * the site there, and removes older pages. Throws an `ExpectedError`
 * when the copy fails; the old one is complete then.
 */
export async function publishTo(out: string, target: string, session: Session): Promise<ExitCode> {
  if (isSameFolder(out, target)) throw usageError(`${target} is the site itself.`);
  for (let attempt = 1; ; attempt++) {
    const copy = currentSite(out, target);
    const folder = mkdtempSync(join(tmpdir(), 'pstrace-'));
    try {
      symlinkSync(copy.name, join(folder, 'current'));
      for (const step of copySteps(copy, folder)) await runRsync(step, target, session);
      session.log.info('site copied', { target, site: copy.release });
      return exitCodes.ok;
    } catch (error) {
      const isReplaced = error instanceof VanishedError && attempt < maxAttempts;
      if (!isReplaced) throw error;
      session.log.info('the site was replaced during the copy; beginning again');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** Files of the site vanished during the copy. */
class VanishedError extends ExpectedError {}

/**
 * The current release of a site. In the copy it has a name that no other one ever has: numbers
 * begin anew in an empty folder.
 */
function currentSite(out: string, target: string): SiteCopy {
  try {
    const release = readlinkSync(join(out, '.site/current'));
    const { mtimeMs } = lstatOfRelease(out, release);
    return { out, target, release, name: `${release}-${Math.trunc(mtimeMs)}` };
  } catch (error) {
    if (error instanceof ExpectedError) throw error;
    if (systemCode(error) !== 'ENOENT') throw fileFailure(error, 'cannot read the site', out);
    throw new ExpectedError({
      kind: 'store',
      subject: out,
      message: `there is no site in ${out}`,
      remedy: 'Run pstrace with an archive first, or name the folder of the site with --out.',
    });
  }
}

/** The folder of a release. A link that leads elsewhere would copy any folder to the web server. */
function lstatOfRelease(out: string, release: string) {
  const folders = [join(out, '.site'), join(out, '.site', release)].map((path) => lstatSync(path));
  if (/^\d{1,15}$/.test(release) && folders.every((folder) => folder.isDirectory())) {
    return folders[1] as (typeof folders)[number];
  }
  throw new ExpectedError({
    kind: 'store',
    subject: out,
    message: `${out}/.site/current does not lead to a release of pstrace`,
    remedy: 'Find out who made the link, remove .site, and run pstrace again.',
  });
}

function isSameFolder(out: string, target: string): boolean {
  try {
    return realpathSync(out) === realpathSync(target);
  } catch (error) {
    // Another host, or a folder that does not exist yet.
    if (systemCode(error) === null) throw error;
    return false;
  }
}

async function runRsync(
  step: readonly string[],
  target: string,
  { env, signal }: Session,
): Promise<void> {
  const known = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const { outcome, exitCode, stderr } = await runChild({
    command: 'rsync',
    arguments: step,
    environment: Object.fromEntries(known),
    limitSeconds: stepLimitSeconds,
    signal,
    read: async (output) => void (await buffer(output)),
  });
  if (outcome === 'exited' && exitCode === 0) return;
  const problem = {
    kind: 'store',
    subject: target,
    ...failureTexts(outcome, exitCode, target),
    detail: foreignText(stderr),
  } as const;
  throw vanishedCodes.includes(exitCode ?? 0)
    ? new VanishedError(problem)
    : new ExpectedError(problem);
}

function failureTexts(outcome: string, exitCode: number | null, target: string) {
  if (outcome === 'notFound')
    return {
      message: `cannot copy the site to ${target}: rsync is not installed`,
      remedy: 'Install rsync on this host, and on the other one.',
    };
  const reason = outcome === 'timedOut' ? 'took too long' : `ended with code ${exitCode}`;
  return {
    message: `cannot copy the site to ${target}: rsync ${reason}`,
    remedy: 'See the log for the words of rsync; readers still get the old pages.',
  };
}
