import { hash } from 'node:crypto';

/** Values of the first bytes of a digest. */
const digestRange = 2 ** 32;

/**
 * Whether pages that were drawn at `drawnAt` are due for a drawing at `now`, epoch seconds. Each
 * test has its own turn within the spacing, so that each run draws an even share of them.
 */
export function isRedrawDue(
  testId: string,
  drawnAt: number,
  now: number,
  spacingSeconds: number,
): boolean {
  if (spacingSeconds === 0 || drawnAt > now) return true;
  const share = hash('sha1', testId, 'buffer').readUInt32BE() / digestRange;
  const turn = (at: number) => Math.floor(at / spacingSeconds - share);
  return turn(now) > turn(drawnAt);
}
