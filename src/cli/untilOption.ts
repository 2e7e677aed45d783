import { usageError } from '../lib/usageError.ts';
import type { RenderOptions } from './options.ts';

/** The moment of `--until` in epoch seconds, null without the option. Throws a `UsageError`. */
export function resolveUntil({ until }: RenderOptions, now: number): number | null {
  if (until !== undefined && until > now) {
    throw usageError(
      'The time of --until is in the future.',
      'Give a past moment, or omit the option.',
    );
  }
  return until ?? null;
}
