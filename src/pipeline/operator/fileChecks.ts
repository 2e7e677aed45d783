import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AlertsConfig } from '../../config/alerts.ts';
import type { Config } from '../../config/load.ts';
import { ExpectedError } from '../../lib/errors.ts';
import { exitCodes } from '../../lib/exitCodes.ts';
import { fileFailure } from '../../lib/files.ts';
import { UsageError } from '../../lib/usageError.ts';
import { readMaskKey } from '../../mask/maskKey.ts';
import { hidesAnything } from '../../mask/maskRules.ts';
import type { Problem } from '../../model/problem.ts';
import { createTestEntry } from '../../notify/message/preview.ts';
import { asFileLookup } from '../../sources/asn/asFile.ts';
import { openArchive } from '../../sources/esmond/archive.ts';
import { isUrl, readTemplate } from '../../sources/psconfig/templates.ts';
import { loadTargets } from '../../sources/targets/loadTargets.ts';
import { resolveArchiveOptions } from '../collect/archiveOptions.ts';
import { resolveMailServer, resolveRecipient } from '../notify/alertSettings.ts';
import { readPem } from '../readPem.ts';
import type { Environment, Session } from '../session.ts';

/** A configuration key, and a check that throws an `ExpectedError` or `UsageError` for its file. */
type FileCheck = readonly [key: string, check: () => unknown];

/** Any address: looking it up reads the whole file. */
const sampleAddress = '192.0.2.1';

/**
 * Reads all files that the configuration names as a run does; returns their faults. Uses no
 * network.
 */
export async function findFileFaults(
  config: Config,
  { log, env }: Pick<Session, 'log' | 'env'>,
): Promise<Problem[]> {
  const { psconfig, mtr, asLookup, publish, state, alerts, prometheusFile } = config;
  const checks: FileCheck[] = [
    ...config.archives.map(
      (archive): FileCheck => ['archive', () => checkArchive(archive, config, log)],
    ),
    ...checkIfNamed(psconfig.caFile, 'psconfig.ca', readPem),
    ...psconfig.locations.flatMap((location) =>
      isUrl(location) ? [] : checkIfNamed(location, 'psconfig.url', readTemplate),
    ),
    ['mtr.targets', () => checkTargets(config)],
    ...checkIfNamed(programFile(mtr.command), 'mtr.command', checkExecutable),
    ...checkIfNamed(programFile(mtr.ping), 'mtr.ping', checkExecutable),
    ...checkIfNamed(asLookup.file, 'as.file', (file) => asFileLookup(file)([sampleAddress])),
    ...checkIfNamed(prometheusFile, 'prometheus.file', checkWritableFolder),
    ...(hidesAnything(publish) ? checkIfNamed(state, 'publish', readMaskKey) : []),
    ...(alerts === null ? [] : alertFileChecks(alerts, config, env)),
  ];
  const faults = await Promise.all(checks.map((check) => runFileCheck(check, config)));
  return faults.flat();
}

function alertFileChecks(
  { prefix, email, webhook, recipients }: AlertsConfig,
  { file, siteUrl, title }: Config,
  env: Environment,
): FileCheck[] {
  const context = { baseUrl: siteUrl, title, prefix, now: 0 };
  return [
    ['email', () => resolveMailServer(email, file, env)],
    ...checkIfNamed(email.sendmail, 'email.server', checkExecutable),
    ...checkIfNamed(webhook.caFile, 'webhook.ca', readPem),
    ...recipients.map((block): FileCheck => {
      const renderExample = () => {
        const { webhook: webhookConfig, ...recipient } = resolveRecipient(block);
        const target = { ...recipient, id: recipient.name, channel: 'webhook' } as const;
        if (webhookConfig !== null) createTestEntry(target, context, webhookConfig.format, '');
      };
      return [`recipient ${block.name}`, renderExample];
    }),
  ];
}

/** A check of a file; none if the configuration does not name it. */
function checkIfNamed(
  file: string | null,
  key: string,
  check: (file: string) => unknown,
): FileCheck[] {
  return file === null ? [] : [[key, () => check(file)]];
}

async function runFileCheck([key, check]: FileCheck, { file }: Config): Promise<Problem[]> {
  try {
    await check();
    return [];
  } catch (error) {
    const problems = error instanceof ExpectedError ? [error.toProblem()] : usageProblems(error);
    return problems.map(({ kind, subject, message, remedy }) => ({
      kind,
      subject,
      message: `${key}: ${message.includes(subject) ? message : `${subject}: ${message}`}`,
      remedy: remedy ?? `Correct ${key} in ${file}, or the file it names.`,
    }));
  }
}

function usageProblems(error: unknown): readonly Problem[] {
  if (error instanceof UsageError) return error.problems;
  throw error;
}

async function checkArchive(
  archive: Config['archives'][number],
  config: Config,
  log: Session['log'],
): Promise<void> {
  const [options] = resolveArchiveOptions([], { ...config, archives: [archive] }, {});
  if (options !== undefined) await openArchive(options, log).close();
}

/** The default file of targets may be missing or empty, because not every user measures. */
function checkTargets({ mtr, file }: Config): void {
  const { targetsFile } = mtr;
  const isDefault = targetsFile === join(dirname(file), 'targets.toml');
  if (isDefault && !existsSync(targetsFile)) return;
  const { faults, isEmpty } = loadTargets(targetsFile);
  if (faults.length > 0 && !(isDefault && isEmpty))
    throw new UsageError(exitCodes.configuration, faults);
}

/** The file of a program given by its path; null for a command to find in PATH. */
function programFile(command: string): string | null {
  return command.includes('/') ? command : null;
}

function checkExecutable(file: string): void {
  checkAccess(file, constants.X_OK, 'cannot run the program');
}

function checkWritableFolder(file: string): void {
  checkAccess(dirname(file), constants.W_OK, 'cannot write into the folder');
}

function checkAccess(path: string, mode: number, action: string): void {
  try {
    accessSync(path, mode);
  } catch (error) {
    throw fileFailure(error, action, path);
  }
}
