import type { RenderOptions } from './options.ts';
import { usage } from './refusal.ts';

/** `--until`, null when it is not given. */
export function pastMoment({ until }: RenderOptions, now: number): number | null {
  if (until !== undefined && until > now) {
    throw usage('The time of --until lies in the future.', 'Give a past moment, or leave it out.');
  }
  return until ?? null;
}
