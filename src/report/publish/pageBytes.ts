import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { TextChunks } from '../page.ts';

/** Size of the buffer for a page, bytes; the few larger pages get buffers of their own. */
const bufferBytes = 524_288;
/** Size of one read or write, bytes. */
const chunkBytes = 65_536;

/**
 * Returns a function that encodes a page. The bytes are valid until its next call, because one
 * buffer serves thousands of pages.
 */
export function createPageEncoder(): (body: string | Uint8Array) => Uint8Array {
  const buffer = Buffer.allocUnsafe(bufferBytes);
  return (body) => {
    if (typeof body !== 'string') return body;
    if (3 * body.length > bufferBytes) return Buffer.from(body);
    return buffer.subarray(0, buffer.write(body));
  };
}

/** Writes text into a new file piece by piece; returns its length in bytes. */
export function writeChunks(target: string, chunks: TextChunks): number {
  const handle = openSync(target, 'wx');
  try {
    let written = 0;
    let text = '';
    for (const chunk of chunks) {
      text += chunk;
      if (text.length < chunkBytes) continue;
      written += writeFully(handle, text);
      text = '';
    }
    return written + writeFully(handle, text);
  } finally {
    closeSync(handle);
  }
}

/** Repeats partial writes, which a nearly full disk causes. */
function writeFully(handle: number, text: string): number {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
  return bytes.length;
}

/**
 * Returns a function that compares a file with bytes, or with another file, of the same length. It
 * reuses its buffers for thousands of files.
 */
export function createByteComparer(): (file: string, other: Uint8Array | string) => boolean {
  const [own, others] = [Buffer.allocUnsafe(chunkBytes), Buffer.allocUnsafe(chunkBytes)];

  function matchesBytes(file: string, next: (at: number, length: number) => Uint8Array): boolean {
    const handle = openSync(file, 'r');
    try {
      for (let at = 0; ; ) {
        const length = readSync(handle, own);
        if (length === 0) return true;
        if (own.compare(next(at, length), undefined, undefined, 0, length) !== 0) return false;
        at += length;
      }
    } finally {
      closeSync(handle);
    }
  }

  return (file, other) => {
    if (typeof other !== 'string')
      return matchesBytes(file, (at, length) => other.subarray(at, at + length));
    const handle = openSync(other, 'r');
    try {
      return matchesBytes(file, (at, length) =>
        others.subarray(0, readSync(handle, others, 0, length, at)),
      );
    } finally {
      closeSync(handle);
    }
  };
}
