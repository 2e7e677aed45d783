import { type AsnResponse, open, type Reader } from 'maxmind';
import { ExpectedError } from '../../lib/errors.ts';
import { systemCode } from '../../lib/files.ts';
import { cleanText } from '../../lib/text.ts';
import { type AsLookup, type AsRecord, asNumberOf } from './asRecord.ts';

/** Fields of the files of MaxMind, DB-IP and IPinfo. Other files may have any. */
interface AsFields {
  readonly autonomous_system_number?: unknown;
  readonly autonomous_system_organization?: unknown;
  readonly asn?: unknown;
  readonly as_name?: unknown;
  readonly name?: unknown;
}

/**
 * Looks up addresses in a database of AS numbers in the form of MaxMind (`.mmdb`). Throws an
 * `ExpectedError` for an unreadable or different file.
 */
export function mmdbLookup(file: string): AsLookup {
  return async (addresses) => {
    if (addresses.length === 0) return new Map();
    const reader = await openReader(file);
    if (!/asn|as\b|isp|ipinfo/i.test(reader.metadata.databaseType))
      throw invalidDatabaseError(file);
    return new Map(
      addresses.flatMap((address) => {
        const record = readRecord(reader, address, file);
        return record === null ? [] : [[address, record] as const];
      }),
    );
  };
}

async function openReader(file: string): Promise<Reader<AsnResponse>> {
  try {
    return await open<AsnResponse>(file);
  } catch (error) {
    if (systemCode(error) === null) throw invalidDatabaseError(file);
    throw new ExpectedError({
      kind: 'misconfigured',
      subject: file,
      message: `cannot read the list of AS numbers: ${(error as Error).message}`,
      remedy: 'Correct as.file in the configuration.',
    });
  }
}

/** null for an address that is not in the file, or of another family. */
function readRecord(reader: Reader<AsnResponse>, address: string, file: string): AsRecord | null {
  if (address.includes(':') && reader.metadata.ipVersion === 4) return null;
  const found = getFields(reader, address, file);
  if (typeof found !== 'object' || found === null) return null;
  const number = found.autonomous_system_number ?? found.asn;
  const asn = asNumberOf(String(number).replace(/^AS/i, ''));
  const name = found.autonomous_system_organization ?? found.as_name ?? found.name;
  return asn === null ? null : { asn, asName: cleanText(name) };
}

function getFields(reader: Reader<AsnResponse>, address: string, file: string): AsFields | null {
  try {
    return reader.get(address);
  } catch {
    throw invalidDatabaseError(file);
  }
}

function invalidDatabaseError(file: string): ExpectedError {
  return new ExpectedError({
    kind: 'misconfigured',
    subject: file,
    message: `${file} is not a database of AS numbers`,
    remedy: 'Set as.file to a file in the form of GeoLite2-ASN.mmdb.',
  });
}
