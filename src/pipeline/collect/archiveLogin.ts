import type { ArchiveConfig } from '../../config/load.ts';
import { ExpectedError } from '../../lib/errors.ts';
import { exitCodes } from '../../lib/exitCodes.ts';
import { readText } from '../../lib/files.ts';
import { orUsageError } from '../../lib/usageError.ts';

type ArchiveLogin = Pick<ArchiveConfig, 'url' | 'user' | 'passwordFile' | 'apiKeyFile'>;

/**
 * The header `Authorization` for an archive: a user with a password, or an API key of
 * Elasticsearch; null for neither. Throws a `UsageError` for an incomplete or contradictory login.
 */
export function authorizationFor(login: ArchiveLogin): string | null {
  return orUsageError(exitCodes.configuration, () => {
    const { url, user, passwordFile, apiKeyFile } = login;
    if (user === null && passwordFile === null && apiKeyFile === null) return null;
    if (apiKeyFile !== null && user === null && passwordFile === null) {
      return `ApiKey ${readSecret(apiKeyFile, 'the API key')}`;
    }
    if (user === null || passwordFile === null || apiKeyFile !== null) {
      throw new ExpectedError({
        kind: 'misconfigured',
        subject: url,
        message: 'The login of this archive is incomplete, or is two logins.',
        remedy: 'Set user and password_file of its [[archive]] block, or only api_key_file.',
      });
    }
    const password = readSecret(passwordFile, 'the password');
    return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  });
}

function readSecret(file: string, what: string): string {
  const secret = readText(file, what).trim();
  if (secret !== '') return secret;
  throw new ExpectedError({
    kind: 'misconfigured',
    subject: file,
    message: `This file is empty, so it does not hold ${what}.`,
    remedy: null,
  });
}
