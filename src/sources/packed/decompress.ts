import { spawn } from 'node:child_process';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { DamagedPack } from './tarEntries.ts';

type Chunks = AsyncIterable<Uint8Array>;

/** A way of packing a stream of bytes. */
export interface Packing {
  readonly name: string;
  /** The first bytes of the packed stream. */
  readonly magic: readonly number[];
  /** Unpacks a stream. Throws a `DamagedPack`, or a `MissingProgram`. null: pstrace does not. */
  readonly unpack: ((chunks: Chunks) => Chunks) | null;
}

/** The program that unpacks a stream is not installed. */
export class MissingProgram extends Error {}

/** Memory for xz, whose strongest preset requires 65 MiB. */
const xzArguments = ['--decompress', '--stdout', '--memlimit-decompress=128MiB'];

export const packings: readonly Packing[] = [
  { name: 'gzip', magic: [0x1f, 0x8b], unpack: (chunks) => through(chunks, createGunzip) },
  {
    name: 'zstd',
    magic: [0x28, 0xb5, 0x2f, 0xfd],
    unpack: (chunks) => through(chunks, createZstdDecompress),
  },
  {
    name: 'bzip2',
    magic: [0x42, 0x5a, 0x68],
    unpack: (chunks) => throughProgram(chunks, 'bzip2', ['--decompress', '--stdout']),
  },
  {
    name: 'xz',
    magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0],
    unpack: (chunks) => throughProgram(chunks, 'xz', xzArguments),
  },
  { name: 'UTF-16', magic: [0xff, 0xfe], unpack: (chunks) => decoded(chunks, 'utf-16le') },
  { name: 'UTF-16', magic: [0xfe, 0xff], unpack: (chunks) => decoded(chunks, 'utf-16be') },
  { name: 'zip', magic: [0x50, 0x4b, 3, 4], unpack: null },
  { name: 'compress', magic: [0x1f, 0x9d], unpack: null },
  { name: 'lz4', magic: [4, 0x22, 0x4d, 0x18], unpack: null },
];

async function* through(
  chunks: Chunks,
  createUnpacker: () => ReturnType<typeof createGunzip> | ReturnType<typeof createZstdDecompress>,
): AsyncGenerator<Uint8Array> {
  const unpacker = createUnpacker();
  // An error of the input or of the unpacker destroys both, so reading the unpacker throws it.
  pipeline(chunks, unpacker).catch(() => {});
  try {
    yield* unpacker;
  } catch (error) {
    const isDamaged = /^(Z_|ZSTD_)/.test((error as NodeJS.ErrnoException).code ?? '');
    throw isDamaged ? new DamagedPack() : error;
  }
}

/** Pipes the chunks through a program that ends with its input. */
async function* throughProgram(
  chunks: Chunks,
  program: string,
  programArguments: readonly string[],
): AsyncGenerator<Uint8Array> {
  const child = spawn(program, programArguments, { stdio: ['pipe', 'pipe', 'ignore'] });
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? new MissingProgram() : error),
    );
    child.once('close', resolve);
  });
  // A program that finds damage stops reading; its exit code reports the damage.
  const input = pipeline(chunks, child.stdin).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
  // Both may fail long before they are awaited.
  const ended = Promise.all([exit, input]);
  ended.catch(() => {});
  try {
    yield* child.stdout;
    const [code] = await ended;
    if (code !== 0) throw new DamagedPack();
  } finally {
    child.kill('SIGKILL');
  }
}

async function* decoded(chunks: Chunks, encoding: string): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}
