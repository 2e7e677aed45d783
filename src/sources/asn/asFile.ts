import type { AsLookup } from './asRecord.ts';
import { ip2asnLookup } from './ip2asn.ts';
import { mmdbLookup } from './mmdb.ts';

/** Looks addresses up in a file of AS numbers: of MaxMind's form when its name ends in `.mmdb`, else of ip2asn's. */
export function asFileLookup(file: string): AsLookup {
  return /\.mmdb$/i.test(file) ? mmdbLookup(file) : ip2asnLookup(file);
}
