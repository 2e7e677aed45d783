import { statSync } from 'node:fs';
import type { AlertsConfig } from '../../config/alerts.ts';
import { systemCode } from '../../lib/files.ts';

/** Files with a password or a webhook URL (which works like one) that every user can read. */
export function findExposedFiles(
  { email, recipients }: AlertsConfig,
  files: readonly string[],
): string[] {
  const secret = email.password !== null || recipients.some(({ webhook }) => webhook !== null);
  const secretFiles = [
    ...(secret ? files : []),
    ...(email.passwordFile ? [email.passwordFile] : []),
  ];
  return secretFiles.filter(canOthersRead);
}

/** A file in a closed folder counts as protected; reading it fails later. */
function canOthersRead(file: string): boolean {
  try {
    return ((statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & 0o004) !== 0;
  } catch (error) {
    if (systemCode(error) === null) throw error;
    return false;
  }
}
