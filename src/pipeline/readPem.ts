import { exitCodes } from '../lib/exitCodes.ts';
import { readText } from '../lib/files.ts';
import { certificateFingerprints } from '../lib/http/certificates.ts';
import { orUsageError } from '../lib/usageError.ts';

/** The PEM certificates in a file. Throws a `UsageError` if it cannot be read or holds none. */
export function readPem(file: string): string {
  return orUsageError(exitCodes.configuration, () => {
    const pem = readText(file, 'the certificates');
    certificateFingerprints(pem, file);
    return pem;
  });
}
