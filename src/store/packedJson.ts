import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { DamagedBody } from './bytes.ts';

/** Format 1: this byte, then JSON text, deflated. */
const format = 1;
/** The states of all tests are packed in every run; more effort would make them hardly smaller. */
const level = 1;

/** Packs a JSON value. */
export function packJson(value: unknown): Uint8Array {
  const deflated = deflateRawSync(JSON.stringify(value), { level });
  const packed = new Uint8Array(deflated.length + 1);
  packed[0] = format;
  packed.set(deflated, 1);
  return packed;
}

/** Unpacks what `packJson` made; the caller knows its type. Throws `DamagedBody` for anything else. */
export function unpackJson<T>(packed: Uint8Array): T {
  if (packed[0] !== format) throw new DamagedBody(`packed JSON of unknown format ${packed[0]}`);
  try {
    return JSON.parse(inflateRawSync(packed.subarray(1)).toString()) as T;
  } catch (error) {
    throw new DamagedBody(`packed JSON that cannot be read: ${(error as Error).message}`);
  }
}
