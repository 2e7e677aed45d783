import { createHash } from 'node:crypto';

const digestDigits = 12;

/** The id of a test: `parts`, which must be safe in file names, and a digest of archive and key. */
export function createTestId(archive: string, key: string, parts: readonly string[]): string {
  const digest = createHash('sha256').update(`${archive}\n${key}`).digest('hex');
  return [...parts, digest.slice(0, digestDigits)].join('_');
}
