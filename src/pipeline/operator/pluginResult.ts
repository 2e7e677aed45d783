import { ExpectedError } from '../../lib/errors.ts';
import { UsageError } from '../../lib/usageError.ts';
import type { NagiosCheckResult } from '../../notify/monitoring/nagiosCheck.ts';

/** The result of a plugin for an expected error. Throws any other error again. */
export function unknownResult(error: unknown): NagiosCheckResult {
  if (!(error instanceof UsageError || error instanceof ExpectedError)) throw error;
  return { code: 3, output: `PSTRACE UNKNOWN - ${error.message.replaceAll(/[|\n]/g, ' ')}` };
}
