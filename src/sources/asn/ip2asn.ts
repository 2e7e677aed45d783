import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { ExpectedError } from '../../lib/errors.ts';
import { fileFailure } from '../../lib/files.ts';
import { cleanText } from '../../lib/text.ts';
import { addressKey } from './addressKey.ts';
import { type AsLookup, type AsRecord, asNumberOf } from './asRecord.ts';

/**
 * Looks up addresses in an `ip2asn` file: lines of first address, last address, AS number, country
 * and AS name, separated by tabs, compressed if its name ends in `.gz`. One pass over the file
 * looks up all addresses, so it needs little memory. Invalid lines are ignored. Throws an
 * `ExpectedError` for an unreadable or different file.
 */
export function ip2asnLookup(file: string): AsLookup {
  return async (addresses) => {
    const wanted = sortedKeys(addresses);
    const found = new Map<string, AsRecord>();
    if (wanted.length === 0) return found;
    let ranges = 0;
    await forEachLine(file, (line) => {
      if (readRange(line, wanted, found)) ranges += 1;
    });
    if (ranges === 0) throw invalidListError(file);
    return found;
  };
}

/** Visits the lines in order. Throws an `ExpectedError` for a file that it cannot read. */
async function forEachLine(file: string, visit: (line: string) => void): Promise<void> {
  try {
    const bytes = createReadStream(file);
    const input = file.endsWith('.gz') ? bytes.compose(createGunzip()) : bytes;
    for await (const line of createInterface({ input })) visit(line);
  } catch (error) {
    if (/^Z_/.test((error as NodeJS.ErrnoException).code ?? '')) throw invalidListError(file);
    throw fileFailure(error, 'cannot read the list of AS numbers', file);
  }
}

function invalidListError(file: string): ExpectedError {
  return new ExpectedError({
    kind: 'misconfigured',
    subject: file,
    message: `${file} is not a list of AS numbers`,
    remedy:
      'Set as.file to a file in the form of ip2asn-combined.tsv, compressed with gzip or not.',
  });
}

interface WantedAddress {
  readonly address: string;
  readonly key: Buffer;
}

function sortedKeys(addresses: readonly string[]): WantedAddress[] {
  const wanted = addresses.flatMap((address): WantedAddress[] => {
    const key = addressKey(address);
    return key === null ? [] : [{ address, key }];
  });
  return wanted.sort((a, b) => Buffer.compare(a.key, b.key));
}

/** Adds the addresses in the range of a line to `found`; false for an invalid line. */
function readRange(
  line: string,
  wanted: readonly WantedAddress[],
  found: Map<string, AsRecord>,
): boolean {
  const [first = '', last = '', number = '', , name = ''] = line.split('\t');
  const asn = asNumberOf(number);
  const [from, to] = [addressKey(first), addressKey(last)];
  if (from === null || to === null) return false;
  if (asn === null) return number === '0';
  for (let index = lowerBound(wanted, from); index < wanted.length; index += 1) {
    const { address, key } = wanted[index] as WantedAddress;
    if (Buffer.compare(key, to) > 0) break;
    found.set(address, { asn, asName: cleanText(name) });
  }
  return true;
}

function lowerBound(wanted: readonly WantedAddress[], key: Buffer): number {
  let low = 0;
  let high = wanted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Buffer.compare((wanted[middle] as WantedAddress).key, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
