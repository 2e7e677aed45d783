import { createHmac } from 'node:crypto';

/**
 * The kind of a pseudonym: `private-…` for a local address, which pages distinguish by site,
 * `masked-…` for everything else.
 */
export type PseudonymKind = 'private' | 'masked';

const letters = 'abcdefghijklmnopqrstuvwxyz234567';
/** 5 bits each: among 10,000 addresses, two share one with a chance of 1 in 20,000. */
const length = 8;

/**
 * Creates pseudonyms with a secret key: the same text gets the same one, and without the key no one
 * can find the text by trial.
 */
export function createPseudonymizer(key: Buffer): (kind: PseudonymKind, text: string) => string {
  const cached = new Map<string, string>();
  return (kind, text) => {
    const known = cached.get(text);
    if (known !== undefined) return known;
    const digest = createHmac('sha256', key).update(text).digest();
    const name = Array.from({ length }, (_, index) => letters.charAt((digest[index] ?? 0) % 32));
    const pseudonym = `${kind}-${name.join('')}`;
    cached.set(text, pseudonym);
    return pseudonym;
  };
}
