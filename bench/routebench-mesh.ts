import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { canonicalAddress } from '../src/lib/ip.ts';

/** One test of a routebench directory. */
export interface BenchTest {
  readonly pair: string;
  readonly sourceName: string;
  readonly destinationName: string;
  readonly destination: string;
  readonly archive: string;
  readonly intervalSeconds: number | null;
  /** Its results as JSON, in the order of arrival. */
  readonly read: () => string;
}

/** The tests of a routebench directory; results are read one test at a time. */
export function readMesh(dir: string): BenchTest[] {
  const records = JSON.parse(readFileSync(join(dir, 'metadata.json'), 'utf8')) as unknown[];
  return records.map((record) => {
    const fields = record as Record<string, unknown>;
    const text = (key: string): string => String(fields[key] ?? '');
    return {
      pair: text('pair'),
      sourceName: text('input-source') || text('source'),
      destinationName: text('input-destination') || text('destination'),
      destination: canonicalAddress(text('destination')) ?? text('destination'),
      archive: text('measurement-agent') && new URL(text('url')).host,
      intervalSeconds: Number(fields['time-interval']) || null,
      read: () => contents(join(dir, text('file'))),
    };
  });
}

function contents(file: string): string {
  const bytes = readFileSync(file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}
