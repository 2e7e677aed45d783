import { ExpectedError } from '../../lib/errors.ts';

/**
 * Version of the lines of an export. An import rejects newer versions and upgrades all older ones.
 */
export const exportVersion = 4;

/** Throws `ExpectedError` for a newer version, whose lines may have another meaning. */
export function rejectNewer(version: number): void {
  if (version <= exportVersion) return;
  throw new ExpectedError({
    kind: 'store',
    subject: 'import',
    message: `the export has version ${version}, but this pstrace supports versions up to ${exportVersion}`,
    remedy: 'Use the newer pstrace that wrote it.',
  });
}
