import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AlertsConfig } from '../config/alerts.ts';
import type { Config } from '../config/load.ts';
import { type ErrorFacts, ExpectedError } from '../lib/errors.ts';
import { fileFailure } from '../lib/files.ts';
import { keptMaskKey } from '../mask/key.ts';
import { hidesAnything } from '../mask/rules.ts';
import { testEntry } from '../notify/preview.ts';
import { asFileLookup } from '../sources/asn/asFile.ts';
import { openArchive } from '../sources/esmond/archive.ts';
import { isUrl, readDocument } from '../sources/psconfig/documents.ts';
import { loadTargets } from '../sources/targets/load.ts';
import { mailServerOf, recipientOf } from './alertSettings.ts';
import { archiveOptions, readPem } from './archives.ts';
import { exitCodes } from './exitCodes.ts';
import { Refusal } from './refusal.ts';
import type { Session } from './session.ts';

/** A key of the configuration, and what throws an `ExpectedError` or a `Refusal` when the file that it names cannot be used. */
type Look = readonly [key: string, look: () => unknown];

/** Everything that is wrong with the files that the configuration names, each read as a run would read it; nobody is asked. */
export async function faultsOfNamedFiles(
  config: Config,
  { log }: Pick<Session, 'log'>,
): Promise<ErrorFacts[]> {
  const { psconfig, mtr, systems, publish, state, alerts, prometheusFile } = config;
  const looks: Look[] = [
    ...config.archives.map((one): Look => ['archive', () => openAlone(one, config, log)]),
    ...given(psconfig.caFile, 'psconfig.ca', readPem),
    ...psconfig.locations.flatMap((place) =>
      isUrl(place) ? [] : given(place, 'psconfig.url', readDocument),
    ),
    ['mtr.targets', () => readTargets(config)],
    ...given(program(mtr.command), 'mtr.command', mayRun),
    ...given(program(mtr.ping), 'mtr.ping', mayRun),
    ...given(systems.file, 'as.file', (file) => asFileLookup(file)(['192.0.2.1'])),
    ...given(prometheusFile, 'prometheus.file', mayWriteBeside),
    ...(hidesAnything(publish) ? given(state, 'publish', keptMaskKey) : []),
    ...(alerts === null ? [] : looksOfAlerts(alerts, config)),
  ];
  const found = await Promise.all(looks.map((look) => faultsOf(look, config)));
  return found.flat();
}

function looksOfAlerts(
  { prefix, email, webhook, recipients }: AlertsConfig,
  { file, siteUrl, title }: Config,
): Look[] {
  const context = { baseUrl: siteUrl, title, prefix, now: 0 };
  return [
    ['email', () => mailServerOf(email, file)],
    ...given(email.sendmail, 'email.server', mayRun),
    ...given(webhook.caFile, 'webhook.ca', readPem),
    ...recipients.map((block): Look => {
      const example = () => {
        const { webhook: hook, ...recipient } = recipientOf(block);
        const own = { ...recipient, id: recipient.name, channel: 'webhook' } as const;
        if (hook !== null) testEntry(own, context, hook.format, '');
      };
      return [`recipient ${block.name}`, example];
    }),
  ];
}

/** A look at a file, where one is named. */
function given(file: string | null, key: string, look: (file: string) => unknown): Look[] {
  return file === null ? [] : [[key, () => look(file)]];
}

async function faultsOf([key, look]: Look, { file }: Config): Promise<ErrorFacts[]> {
  try {
    await look();
    return [];
  } catch (error) {
    const problems = error instanceof ExpectedError ? [error.toProblem()] : problemsOf(error);
    return problems.map(({ kind, subject, message, remedy }) => ({
      kind,
      subject,
      message: `${key}: ${message.includes(subject) ? message : `${subject}: ${message}`}`,
      remedy: remedy ?? `Correct ${key} in ${file}, or what it names.`,
    }));
  }
}

function problemsOf(error: unknown): readonly ErrorFacts[] {
  if (error instanceof Refusal) return error.problems;
  throw error;
}

async function openAlone(
  archive: Config['archives'][number],
  config: Config,
  log: Session['log'],
): Promise<void> {
  const [options] = archiveOptions([], { ...config, archives: [archive] }, {});
  if (options !== undefined) await openArchive(options, log).close();
}

/** Who does not measure needs no targets, but may have the sample. */
function readTargets({ mtr, file }: Config): void {
  const { targetsFile } = mtr;
  const isDefault = targetsFile === join(dirname(file), 'targets.toml');
  if (isDefault && !existsSync(targetsFile)) return;
  const { faults, isEmpty } = loadTargets(targetsFile);
  if (faults.length > 0 && !(isDefault && isEmpty))
    throw new Refusal(exitCodes.configuration, faults);
}

/** A program that is named as a file; others are looked for when they are needed. */
function program(command: string): string | null {
  return command.includes('/') ? command : null;
}

function mayRun(file: string): void {
  access(file, constants.X_OK, 'cannot run the program');
}

function mayWriteBeside(file: string): void {
  access(dirname(file), constants.W_OK, 'cannot write into the folder');
}

function access(path: string, mode: number, doing: string): void {
  try {
    accessSync(path, mode);
  } catch (error) {
    throw fileFailure(error, doing, path);
  }
}
