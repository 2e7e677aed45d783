import { appendFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { mtrCsv } from '../../helpers/mtrCsv.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { place } from '../cli/command.ts';
import { noon } from './mesh.ts';
import { measured, mostMb } from './peak.ts';

vi.setConfig({ testTimeout: 1_800_000 });

const gigabyte = 2 ** 30;

test('from a file of 1 GB, nearly all of it one line of garbage, the rest is imported, with bounded memory', async () => {
  const file = join(tempDir(), 'big.csv');
  writeFileSync(file, mtrCsv(noon - 600));
  truncateSync(file, gigabyte);
  appendFileSync(file, `\n${mtrCsv(noon - 300)}`);
  const { peakMb, ended } = await taken(file);
  expect(ended.code).toBe(75);
  expect(ended.stderr).toContain(`big.csv:4 (byte ${mtrCsv(noon).length}) skipped`);
  expect(ended.stderr).toContain('runs=2 newTraces=2');
  expect(peakMb).toBeLessThan(mostMb);
});

/** Smaller without `PSTRACE_FAULTS=long`, because storing millions of runs takes minutes. */
const megabytes = process.env.PSTRACE_FAULTS === 'long' ? 1024 : 20;

test(`${megabytes} MB of runs of mtr in one file are all imported, with bounded memory`, async () => {
  const file = join(tempDir(), 'runs.csv');
  let runs = 0;
  for (writeFileSync(file, ''); statSync(file).size < megabytes * 2 ** 20; runs += 1000) {
    const times = Array.from({ length: 1000 }, (_, index) => noon - 20 * (runs + index));
    appendFileSync(file, mtrCsv(...times));
  }
  const { peakMb, ended } = await taken(file);
  expect(ended.code).toBe(0);
  expect(ended.stderr).toContain(`runs=${runs} newTraces=${runs}`);
  expect(peakMb).toBeLessThan(mostMb);
});

function taken(file: string) {
  const { options } = place();
  return measured(['import', file, '-v', '--source', 'probe.example.org', ...options.slice(2)]);
}
