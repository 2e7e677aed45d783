import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, type ZlibOptions } from 'node:zlib';
import type { BodyBuffer } from './bodyBuffer.ts';

/** Faults of a body: over the size limit, slower than `minBytesPerSecond`, or not decodable. */
export type BodyFault = 'too-large' | 'too-slow' | 'corrupt';

/** Slowest acceptable rate of a response after the timeout, bytes per second. */
const minBytesPerSecond = 16_384;

/** Size limit in bytes; time in milliseconds for a response of any size. */
export interface BodyLimits {
  readonly maxBytes: number;
  readonly baseTimeoutMs: number;
}

/** Content codings that `decodeBody` supports. */
export const acceptedEncodings = 'gzip, deflate, br';

/**
 * Reads a whole body as transferred, into `buffer`. Stops with a fault if the body exceeds the size
 * limit or takes longer than `baseTimeoutMs` plus one second for every `minBytesPerSecond` bytes.
 * `onBytes` receives the length of each chunk.
 */
export async function readBody(
  body: AsyncIterable<Buffer>,
  limits: BodyLimits,
  buffer: BodyBuffer,
  onBytes: (count: number) => void,
): Promise<Buffer | BodyFault> {
  const startedMs = performance.now();
  let size = 0;
  for await (const chunk of body) {
    onBytes(chunk.length);
    size += chunk.length;
    if (size > limits.maxBytes) return 'too-large';
    const allowedMs = limits.baseTimeoutMs + (size / minBytesPerSecond) * 1000;
    if (performance.now() - startedMs > allowedMs) return 'too-slow';
    buffer.append(chunk);
  }
  return buffer.content();
}

/** Large chunks decode faster. */
const decodeChunkBytes = 262_144;

type Decompress = (body: Buffer, options: ZlibOptions) => Promise<Buffer>;

const decoders: Readonly<Record<string, Decompress>> = {
  gzip: promisify<Buffer, ZlibOptions, Buffer>(gunzip),
  'x-gzip': promisify<Buffer, ZlibOptions, Buffer>(gunzip),
  deflate: (body, options) => {
    // RFC 9110 requires the zlib format; some servers send the raw stream.
    const isZlib = ((body[0] ?? 0) & 0x0f) === 8;
    return promisify<Buffer, ZlibOptions, Buffer>(isZlib ? inflate : inflateRaw)(body, options);
  },
  br: promisify<Buffer, ZlibOptions, Buffer>(brotliDecompress),
};

/**
 * Decodes one content coding. The result never exceeds `maxBytes`, regardless of the body's size.
 */
export async function decodeBody(
  body: Buffer,
  encoding: string,
  maxBytes: number,
): Promise<Buffer | BodyFault> {
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity') return body;
  const decode = decoders[name];
  if (decode === undefined) return 'corrupt';
  try {
    return await decode(body, { maxOutputLength: maxBytes, chunkSize: decodeChunkBytes });
  } catch (error) {
    const { code } = error as { code?: string };
    return code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'corrupt';
  }
}
