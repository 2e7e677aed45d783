import { keyedDigest } from '../../lib/keyedDigest.ts';

/**
 * A short code for an incident, easy to type: eight digits and letters, equal for equal id and
 * `secret`. The secret is the key of the pseudonyms if test ids must be hidden, else null.
 */
export function incidentCode(id: string, secret: Buffer | null): string {
  return keyedDigest(id, secret, 8);
}
