import { createHash } from 'node:crypto';

/** A short name of an incident for people to type: eight digits and letters, the same for the same id. */
export function incidentCode(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 8);
}
