import { ExpectedError } from '../../lib/errors.ts';

/** Version of the form of an export's lines. A newer one is refused, older ones are understood for ever. */
export const exportVersion = 3;

/** Throws `ExpectedError` for an export of a newer version: its lines may mean something else. */
export function rejectNewer(version: number): void {
  if (version <= exportVersion) return;
  throw new ExpectedError({
    kind: 'store',
    subject: 'import',
    message: `the export has version ${version}, and this pstrace knows versions up to ${exportVersion}`,
    remedy: 'Use the newer pstrace that wrote it.',
  });
}
