import { createPieceReader, type PieceReader } from './pieceReader.ts';

/** The content of a packed file is damaged or incomplete. */
export class DamagedPack extends Error {}

/** A file of a tar archive. Its chunks are valid until the next entry. */
export interface TarEntry {
  readonly name: string;
  /** Epoch seconds. */
  readonly modifiedAt: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Bytes of a header; the content of a file fills up to a multiple of them. */
export const tarBlockBytes = 512;
/** Longest name, or set of further attributes, bytes. */
const maxAttributeBytes = 65_536;

/** Whether the block is the header of an entry. */
export function isTarHeader(block: Buffer): boolean {
  if (block.length < tarBlockBytes || block[0] === 0) return false;
  const sum = block.reduce((total, byte, index) => {
    const isChecksum = index >= 148 && index < 156;
    return total + (isChecksum ? 0x20 : byte);
  }, 0);
  return octal(block, 148, 8) === sum;
}

/**
 * The regular files of a tar archive (ustar, pax and GNU). Throws a `DamagedPack` if the archive is
 * damaged or incomplete.
 */
export async function* readTar(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const reader = createPieceReader(chunks);
  let longName: string | null = null;
  for (;;) {
    const header = parseHeader(await readAll(reader, tarBlockBytes));
    if (header === null) return;
    const { type, size, name, modifiedAt } = header;
    const end = reader.position + Math.ceil(size / tarBlockBytes) * tarBlockBytes;
    if (fileTypes.includes(type)) {
      yield { name: longName ?? name, modifiedAt, chunks: reader.take(size) };
      longName = null;
    } else if (nameTypes.includes(type)) {
      const text = (await readAll(reader, Math.min(size, maxAttributeBytes))).toString('utf8');
      longName = type === 'L' ? upToZero(text) : (paxPath(text) ?? longName);
    }
    await skipTo(reader, end);
  }
}

/** Types of entries: regular files, and names of the next file (pax and GNU). */
const fileTypes = ['0', '\0', '7'];
const nameTypes = ['x', 'L'];

interface TarHeader {
  readonly type: string;
  readonly size: number;
  readonly name: string;
  readonly modifiedAt: number;
}

/** The header in a block; null at the end of the archive. */
function parseHeader(block: Buffer): TarHeader | null {
  if (block.every((byte) => byte === 0)) return null;
  const size = octal(block, 124, 12);
  if (!isTarHeader(block) || !(size >= 0)) throw new DamagedPack();
  const type = String.fromCharCode(block[156] ?? 0);
  return { type, size, name: nameOf(block), modifiedAt: octal(block, 136, 12) };
}

async function skipTo(reader: PieceReader, position: number): Promise<void> {
  for await (const _ of reader.take(position - reader.position));
  if (reader.position < position) throw new DamagedPack();
}

async function readAll(reader: PieceReader, count: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of reader.take(count)) pieces.push(piece);
  return Buffer.concat(pieces);
}

function nameOf(block: Buffer): string {
  const prefix = block.toString('latin1', 257, 262) === 'ustar' ? field(block, 345, 155) : '';
  const name = field(block, 0, 100);
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** The path in the attributes of pax: lines of a length, a blank, a name, `=` and a value. */
function paxPath(text: string): string | null {
  return /^\d+ path=(.*)$/m.exec(text)?.[1] ?? null;
}

function field(block: Buffer, from: number, length: number): string {
  return upToZero(block.toString('utf8', from, from + length));
}

function upToZero(text: string): string {
  return text.replace(/\0.*$/s, '');
}

function octal(block: Buffer, from: number, length: number): number {
  return Number.parseInt(field(block, from, length).trim() || '0', 8);
}
