import { readFileSync } from 'node:fs';
import type { RecipientConfig } from '../config/alerts.ts';
import type { Config } from '../config/load.ts';
import { ExpectedError } from '../lib/errors.ts';
import { systemCode } from '../lib/files.ts';
import { secretsOfUrl } from '../lib/secrets.ts';
import { readMaskKey } from '../mask/maskKey.ts';
import { passwordVariable } from './notify/mailServerSettings.ts';
import type { Environment, Session } from './session.ts';

/**
 * Hides the secrets of the configuration, the environment and the state folder from the log: the
 * passwords of the mail server, archives and proxies, webhook URLs, and the key of the mask.
 */
export function hideSecrets(
  { alerts, state, archives }: Pick<Config, 'alerts' | 'state' | 'archives'>,
  { log, env }: Pick<Session, 'log' | 'env'>,
): void {
  const { email, recipients = [] } = alerts ?? {};
  const secrets = [
    env[passwordVariable],
    email?.password,
    email?.passwordFile ? readIfPossible(email.passwordFile)?.trimEnd() : null,
    ...recipients.flatMap(({ webhook }) => (webhook === null ? [] : secretsOfWebhook(webhook))),
    ...archives
      .flatMap(({ passwordFile, apiKeyFile }) => [passwordFile, apiKeyFile])
      .map((file) => (file === null ? null : readIfPossible(file)?.trim())),
    ...proxyPasswords(env),
    ...keyTexts(state),
  ];
  for (const secret of secrets) if (secret) log.hide(secret);
}

/** The secrets in the URL, the headers and the key of a webhook. */
function secretsOfWebhook({
  url,
  headersFile,
  keyFile,
}: NonNullable<RecipientConfig['webhook']>): string[] {
  const headers = headersFile === null ? '' : (readIfPossible(headersFile) ?? '');
  const values = headers.split(/\r?\n/).map((line) => line.replace(/^[^:]*:/, '').trim());
  const key = keyFile === null ? '' : (readIfPossible(keyFile)?.trim() ?? '');
  return [
    ...secretsOfUrl(url),
    ...values.flatMap((value) => [value, value.replace(/^\S+\s+/, '')]),
    key,
  ];
}

const proxyVariables = ['http_proxy', 'https_proxy', 'all_proxy'].flatMap((name) => [
  name,
  name.toUpperCase(),
]);

function proxyPasswords(env: Environment): string[] {
  return proxyVariables.flatMap((name) => {
    const { password = '' } = URL.parse(env[name] ?? '') ?? {};
    return password === '' ? [] : [password, decodeIfPossible(password)];
  });
}

function decodeIfPossible(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

/** The key in the notations of its file and of other programs; none if there is no usable key. */
function keyTexts(state: string): string[] {
  try {
    const key = readMaskKey(state);
    return key === null ? [] : [key.toString('hex'), key.toString('base64')];
  } catch (error) {
    if (error instanceof ExpectedError) return [];
    throw error;
  }
}

/** The text of a file; null if it cannot be read, which its user reports. */
function readIfPossible(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === null) throw error;
    return null;
  }
}
