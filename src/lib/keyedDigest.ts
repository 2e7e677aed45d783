import { createHash, createHmac } from 'node:crypto';

/**
 * A digest of a text as hexadecimal digits, 64 at most: the same for the same text. With a secret nobody without it can tell by
 * trying which text it was; null where the text may be known.
 */
export function keyedDigest(text: string, secret: Buffer | null, digits: number): string {
  const hash = secret === null ? createHash('sha256') : createHmac('sha256', secret);
  return hash.update(text).digest('hex').slice(0, digits);
}
