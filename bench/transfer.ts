import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The needs of a copy of an earlier site to become a later one. */
export interface SiteTransfer {
  siteBytes: number;
  changedFiles: number;
  /** Of new files, and of those with other bytes. */
  changedBytes: number;
  /** The part that rsync sends: it finds blocks of the earlier file anywhere in the later one. */
  sentBytes: number;
}

/** The transfer of all files, and of each kind. */
export type TransferByKind = ReadonlyMap<string, SiteTransfer>;

const allFiles = 'all files';
const kinds: readonly (readonly [string, RegExp])[] = [
  ['pages of tests', /^tests\/.*\.html$/],
  ['newest values of tests', /^tests\/.*\.js$/],
  ['JSON of tests', /^data\/tests\//],
  ['pages and data of the mesh', /^/],
];

/** Compares two folders. */
export function siteTransfer(earlier: string, later: string): TransferByKind {
  const empty = () => ({ siteBytes: 0, changedFiles: 0, changedBytes: 0, sentBytes: 0 });
  const names = [allFiles, ...kinds.map(([name]) => name)];
  const found = new Map<string, SiteTransfer>(names.map((name) => [name, empty()]));
  for (const path of readdirSync(later, { recursive: true, encoding: 'utf8' })) {
    if (!statSync(join(later, path)).isFile() || path.startsWith('.')) continue;
    const now = readFileSync(join(later, path));
    const kind = kinds.find(([, pattern]) => pattern.test(path))?.[0];
    const counts = [allFiles, kind ?? ''].flatMap((name) => found.get(name) ?? []);
    for (const count of counts) count.siteBytes += now.length;
    const hasBefore = statSync(join(earlier, path), { throwIfNoEntry: false }) !== undefined;
    const before = hasBefore ? readFileSync(join(earlier, path)) : Buffer.alloc(0);
    if (hasBefore && now.equals(before)) continue;
    const sent = literalBytes(before, now);
    for (const count of counts) {
      count.changedFiles += 1;
      count.changedBytes += now.length;
      count.sentBytes += sent;
    }
  }
  return found;
}

/** The smallest block of rsync; larger files have blocks of the root of their length. */
const minBlock = 700;
const sumRange = 65_536;

/** Bytes of `now` outside of blocks of `before`, found by a rolling sum as rsync does. */
function literalBytes(before: Buffer, now: Buffer): number {
  const size = Math.max(minBlock, Math.floor(Math.sqrt(before.length)));
  const blocks = new Map<number, number[]>();
  for (let at = 0; at + size <= before.length; at += size) {
    const sum = startSums(before, at, size);
    const key = sum.b * sumRange + sum.a;
    blocks.set(key, [...(blocks.get(key) ?? []), at]);
  }
  let literal = 0;
  let at = 0;
  let sums = startSums(now, 0, size);
  while (at + size <= now.length) {
    const found = blocks.get(sums.b * sumRange + sums.a);
    if (found?.some((from) => now.compare(before, from, from + size, at, at + size) === 0)) {
      at += size;
      if (at + size <= now.length) sums = startSums(now, at, size);
      continue;
    }
    const leaving = now[at] as number;
    const a = mod(sums.a - leaving + (now[at + size] ?? 0));
    sums = { a, b: mod(sums.b - size * leaving + a) };
    at += 1;
    literal += 1;
  }
  return literal + now.length - at;
}

function startSums(bytes: Buffer, from: number, size: number): { a: number; b: number } {
  let [a, b] = [0, 0];
  for (let index = 0; index < size && from + index < bytes.length; index += 1) {
    a += bytes[from + index] as number;
    b += a;
  }
  return { a: mod(a), b: mod(b) };
}

function mod(value: number): number {
  return ((value % sumRange) + sumRange) % sumRange;
}
