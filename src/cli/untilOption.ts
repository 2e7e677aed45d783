import { usageError } from '../lib/usageError.ts';
import type { RenderOptions } from './options.ts';

/** `--until`, null when it is not given. */
export function resolveUntil({ until }: RenderOptions, now: number): number | null {
  if (until !== undefined && until > now) {
    throw usageError(
      'The time of --until lies in the future.',
      'Give a past moment, or leave it out.',
    );
  }
  return until ?? null;
}
