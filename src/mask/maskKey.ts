import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivateFile } from '../lib/atomicFile.ts';
import { ExpectedError } from '../lib/errors.ts';
import { ensurePrivateDirectory, fileFailure, systemCode } from '../lib/files.ts';

const keyFile = 'mask.key';
const keyBytes = 32;

/**
 * The secret for pseudonyms: 32 bytes from `mask.key` in the state folder, created the first time.
 * While the file stays, so do the pseudonyms. Throws an `ExpectedError` of kind `store`.
 */
export function ensureMaskKey(stateFolder: string): Buffer {
  const existing = readMaskKey(stateFolder);
  if (existing !== null) return existing;
  const path = join(stateFolder, keyFile);
  const key = randomBytes(keyBytes);
  try {
    ensurePrivateDirectory(stateFolder);
    writePrivateFile(path, `${key.toString('hex')}\n`);
  } catch (error) {
    throw fileFailure(error, 'cannot write the key', path);
  }
  return key;
}

/** The existing secret; null when there is none yet. Throws an `ExpectedError` of kind `store`. */
export function readMaskKey(stateFolder: string): Buffer | null {
  const path = join(stateFolder, keyFile);
  try {
    return parseKey(readFileSync(path, 'utf8'), path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw fileFailure(error, 'cannot read the key', path);
  }
}

function parseKey(text: string, path: string): Buffer {
  const hex = text.trim();
  if (/^[\da-f]{64}$/.test(hex)) return Buffer.from(hex, 'hex');
  throw new ExpectedError({
    kind: 'store',
    subject: path,
    message: `${path} holds no key of ${keyBytes} bytes`,
    remedy: 'Restore it from a backup, or delete it: every pseudonym then changes once.',
  });
}
