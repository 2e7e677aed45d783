import { parseTestPattern } from '../../config/patterns.ts';
import { usageError } from '../../lib/usageError.ts';

/** Parses a test pattern of the command line. Throws a `UsageError` for any other text. */
export function parsePattern(text: string): string {
  const pattern = parseTestPattern(text);
  if (pattern !== null) return pattern;
  throw usageError(
    `${JSON.stringify(text)} is not a test pattern.`,
    'Give a host name, address or test id with *, or two of them as in "a.example.org > *".',
  );
}
