import { createHash, createHmac } from 'node:crypto';

/**
 * A digest of a text, at most 64 hexadecimal digits. A secret prevents guesses of the text; null if
 * the text is not confidential.
 */
export function keyedDigest(text: string, secret: Buffer | null, digits: number): string {
  const hash = secret === null ? createHash('sha256') : createHmac('sha256', secret);
  return hash.update(text).digest('hex').slice(0, digits);
}
