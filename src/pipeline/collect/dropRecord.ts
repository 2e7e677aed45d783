import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';
import type { FileResume } from '../../sources/types.ts';

/** A file that a run has imported. */
export interface DropRecord {
  /** Changes with the file, and with the way of reading it. */
  readonly signature: string;
  /** null if a grown file is to be read from its beginning. */
  readonly progress: DropProgress | null;
}

/** How far a file was read. */
export interface DropProgress {
  /** The way of reading the file. */
  readonly reader: string;
  /** The number of the file in its file system. */
  readonly inode: number;
  /** Hash of the bytes in front of the end that was reached. */
  readonly endHash: string;
  readonly resume: FileResume;
}

/** Bytes in front of the end that identify a file that only grew. */
const hashedBytes = 65_536;

/** The text of a record, as the store keeps it. */
export function writeDropRecord(record: DropRecord): string {
  return JSON.stringify(record);
}

/** Reads a stored record. null for that of an older version. */
export function parseDropRecord(text: string | undefined): DropRecord | null {
  return text?.startsWith('{') === true ? (JSON.parse(text) as DropRecord) : null;
}

/** The hash of the bytes in front of this position; null if the file ends earlier. */
export function hashBefore(fd: number, position: number): string | null {
  const from = Math.max(0, position - hashedBytes);
  const bytes = Buffer.alloc(position - from);
  const isWhole = readSync(fd, bytes, 0, bytes.length, from) === bytes.length;
  return isWhole ? createHash('sha256').update(bytes).digest('base64') : null;
}
