import { keyedDigest } from '../../lib/keyedDigest.ts';

/**
 * A short name of an incident for people to type: eight digits and letters, the same for the same id and `secret`, which is the
 * key of the pseudonyms where ids of tests have to be hidden, else null.
 */
export function incidentCode(id: string, secret: Buffer | null): string {
  return keyedDigest(id, secret, 8);
}
