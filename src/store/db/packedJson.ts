import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { CorruptionError } from './bytes.ts';

/** The first byte tells the format. This one: JSON text, deflated. */
const deflatedFormat = 1;
/** JSON text as it is. */
const plainFormat = 2;

/** Packs a JSON value that is kept for long. */
export function packJson(value: unknown): Uint8Array {
  const deflated = deflateRawSync(JSON.stringify(value), { level: 1 });
  const packed = new Uint8Array(deflated.length + 1);
  packed[0] = deflatedFormat;
  packed.set(deflated, 1);
  return packed;
}

/** Packs a JSON value that is read and written in every run: deflating it would take longer than all the rest. */
export function packJsonUncompressed(value: unknown): Uint8Array {
  return Buffer.from(String.fromCharCode(plainFormat) + JSON.stringify(value));
}

/** Unpacks what either of them made; the caller knows its type. Throws `DamagedBody` for anything else. */
export function unpackJson<T>(packed: Uint8Array): T {
  const [format] = packed;
  if (format !== deflatedFormat && format !== plainFormat) {
    throw new CorruptionError(`packed JSON of unknown format ${format}`);
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
