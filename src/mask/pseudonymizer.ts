import { createHmac } from 'node:crypto';

/**
 * What stands for an address or name: `private-…` for an address that means another machine at every site, which pages
 * tell apart by site, `masked-…` for everything else.
 */
export type PseudonymKind = 'private' | 'masked';

const letters = 'abcdefghijklmnopqrstuvwxyz234567';
/** 5 bits each: among 10,000 addresses two share one with a chance of 1 in 20,000. */
const length = 8;

/**
 * Makes pseudonyms with a secret key: the same text gives the same one, and without the key nobody can tell by trying
 * which text it was.
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
