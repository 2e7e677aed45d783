import { usageError } from '../lib/usageError.ts';
import type { RenderOptions } from './options.ts';

/** 2000-01-01: before any result of perfSONAR. */
const earliestUntil = 946_684_800;

/** The moment of `--until` in epoch seconds, null without the option. Throws a `UsageError`. */
export function resolveUntil({ until }: RenderOptions, now: number): number | null {
  if (until !== undefined && until > now) {
    throw usageError(
      'The time of --until is in the future.',
      'Give a past moment, or omit the option.',
    );
  }
  if (until !== undefined && until < earliestUntil) {
    throw usageError('The time of --until is before 2000.', 'Give a moment that has results.');
  }
  return until ?? null;
}
