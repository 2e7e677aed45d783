import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { CorruptionError } from './bytes.ts';

/** The first byte is the format. This one: deflated JSON text. */
const deflatedFormat = 1;
/** Plain JSON text. */
const plainFormat = 2;

/** Packs a JSON value for long-term storage. */
export function packJson(value: unknown): Uint8Array {
  const deflated = deflateRawSync(JSON.stringify(value), { level: 1 });
  const packed = new Uint8Array(deflated.length + 1);
  packed[0] = deflatedFormat;
  packed.set(deflated, 1);
  return packed;
}

/** Packs a JSON value that every run reads and writes: deflating would dominate the run time. */
export function packJsonUncompressed(value: unknown): Uint8Array {
  return Buffer.from(String.fromCharCode(plainFormat) + JSON.stringify(value));
}

/** Unpacks a JSON value of either format; the caller knows its type. Throws `CorruptionError`. */
export function unpackJson<T>(packed: Uint8Array): T {
  const [format] = packed;
  if (format !== deflatedFormat && format !== plainFormat) {
    throw new CorruptionError(`packed JSON in unknown format ${format}`);
  }
  try {
    const bytes = packed.subarray(1);
    const text = format === plainFormat ? decodeText(bytes) : inflateRawSync(bytes).toString();
    return JSON.parse(text) as T;
  } catch (error) {
    throw new CorruptionError(`packed JSON that cannot be read: ${(error as Error).message}`);
  }
}

function decodeText({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString();
}
