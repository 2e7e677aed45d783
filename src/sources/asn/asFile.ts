import type { AsLookup } from './asRecord.ts';
import { ip2asnLookup } from './ip2asn.ts';
import { mmdbLookup } from './mmdb.ts';

/**
 * Looks up addresses in a file of AS numbers: of MaxMind if its name ends in `.mmdb`, else of
 * ip2asn.
 */
export function asFileLookup(file: string): AsLookup {
  return /\.mmdb$/i.test(file) ? mmdbLookup(file) : ip2asnLookup(file);
}
