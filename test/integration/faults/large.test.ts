import { expect, test, vi } from 'vitest';
import { pages, place } from '../cli/command.ts';
import { serveBig } from './bigArchive.ts';
import { noon } from './mesh.ts';
import { measured, mostMb } from './peak.ts';

vi.setConfig({ testTimeout: 600_000 });

const isLong = process.env.PSTRACE_FAULTS === 'long';

test('one test with 50,000 results is read completely, in slices, with bounded memory', async () => {
  const base = await serveBig({
    tests: 1,
    withResults: 1,
    count: 50_000,
    last: noon,
    spacingSeconds: 7,
  });
  const at = place();
  const { ended, peakMb } = await measured([base, '5d', ...at.options]);
  expect(ended).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(tracesOf(at.out)).toBe(50_000);
  expect(peakMb).toBeLessThan(mostMb);
});

/** More than one page of the list, and as many pages as the time allows. */
const [tests, withResults] = isLong ? [10_000, 10_000] : [1100, 60];

test(`${tests} tests in one archive are all listed, read and shown, with bounded memory`, async () => {
  const base = await serveBig({ tests, withResults, count: 3, last: noon, spacingSeconds: 600 });
  const at = place();
  const { ended, peakMb } = await measured([base, '1h', ...at.options]);
  expect(ended).toEqual({ code: 0, stdout: '', stderr: '' });
  const { cells } = JSON.parse(pages(at.out).get('data/matrix.json') ?? '');
  expect(cells).toHaveLength(tests);
  const tested = cells.filter(({ state }: { state: string }) => state !== 'untested');
  expect(tested).toHaveLength(withResults);
  expect(tracesOf(at.out)).toBe(3 * withResults);
  expect(peakMb).toBeLessThan(mostMb);
});

/** The number of traces on the pages of all tests. */
function tracesOf(out: string): number {
  return [...pages(out)]
    .filter(([path]) => path.startsWith('data/tests/'))
    .flatMap(([, body]) => JSON.parse(body).routePeriods as { traces: number }[])
    .reduce((sum, { traces }) => sum + traces, 0);
}
