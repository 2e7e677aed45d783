import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, type ZlibOptions } from 'node:zlib';

/** Why a body could not be had: over the size limit, slower than `slowestRate` allows, or damaged. */
export type BodyFault = 'too-large' | 'too-slow' | 'damaged';

/** Bytes a second below which an answer is not waited for once the time-out is over. */
const minBytesPerSecond = 16_384;

/** Size limit in bytes; time in milliseconds that an answer may take whatever its size. */
export interface BodyLimits {
  readonly maxBytes: number;
  readonly baseTimeoutMs: number;
}

/** Content codings that `decodeBody` understands. */
export const acceptedEncodings = 'gzip, deflate, br';

/**
 * Reads a body whole as it came over the wire. Ends early with a fault when it grows past the limit or trickles in: an
 * answer may take `patienceMs` plus one second for every `slowestRate` bytes received. `onBytes` is told of every chunk.
 */
export async function readBody(
  body: AsyncIterable<Buffer>,
  limits: BodyLimits,
  onBytes: (count: number) => void,
): Promise<Buffer | BodyFault> {
  const chunks: Buffer[] = [];
  const startedMs = performance.now();
  let size = 0;
  for await (const chunk of body) {
    onBytes(chunk.length);
    size += chunk.length;
    if (size > limits.maxBytes) return 'too-large';
    const allowedMs = limits.baseTimeoutMs + (size / minBytesPerSecond) * 1000;
    if (performance.now() - startedMs > allowedMs) return 'too-slow';
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size);
}

type Decompress = (body: Buffer, options: ZlibOptions) => Promise<Buffer>;

const decoders: Readonly<Record<string, Decompress>> = {
  gzip: promisify<Buffer, ZlibOptions, Buffer>(gunzip),
  'x-gzip': promisify<Buffer, ZlibOptions, Buffer>(gunzip),
  deflate: (body, options) => {
    // RFC 9110 means zlib's format; some servers send the bare stream.
    const isZlib = ((body[0] ?? 0) & 0x0f) === 8;
    return promisify<Buffer, ZlibOptions, Buffer>(isZlib ? inflate : inflateRaw)(body, options);
  },
  br: promisify<Buffer, ZlibOptions, Buffer>(brotliDecompress),
};

/** Undoes one content coding. The result never exceeds `maxBytes`, however small the body is. */
export async function decodeBody(
  body: Buffer,
  encoding: string,
  maxBytes: number,
): Promise<Buffer | BodyFault> {
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity') return body;
  const decode = decoders[name];
  if (decode === undefined) return 'damaged';
  try {
    return await decode(body, { maxOutputLength: maxBytes, chunkSize: 262_144 });
  } catch (error) {
    const { code } = error as { code?: string };
    return code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'damaged';
  }
}
