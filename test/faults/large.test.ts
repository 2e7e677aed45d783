import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { pages, place } from '../cli/command.ts';
import { tempDir } from '../helpers/tempDir.ts';
import { serveBig } from './bigArchive.ts';
import { noon } from './mesh.ts';
import { runAt } from './pstraceAt.ts';

vi.setConfig({ testTimeout: 600_000 });

const isLong = process.env.PSTRACE_FAULTS === 'long';
/** Resident memory in which any run must find room, MB. */
const mostMb = 600;

/** Runs pstrace at noon; its end, and the most memory that it ever held, MB. */
async function measured(args: readonly string[]) {
  const file = join(tempDir(), 'peak');
  const code = `import{writeFileSync}from'node:fs';Date.now=()=>${noon * 1000};process.on('exit',()=>writeFileSync('${file}',String(process.resourceUsage().maxRSS)))`;
  // As bin/pstrace starts it.
  const NODE_OPTIONS = `--max-semi-space-size=8 --import=data:text/javascript,${code}`;
  const ended = await runAt(noon, args, { env: { NODE_OPTIONS } });
  return { ended, peakMb: Number(readFileSync(file, 'utf8')) / 1024 };
}

test('one test with 50,000 results: read in slices, nothing is cut off, memory stays bounded', async () => {
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

/** More than one page of the list; and of the pages no more than there is time for. */
const [tests, withResults] = isLong ? [10_000, 10_000] : [1100, 60];

test(`${tests} tests in one archive: all are listed, read and shown, memory stays bounded`, async () => {
  const base = await serveBig({ tests, withResults, count: 3, last: noon, spacingSeconds: 600 });
  const at = place();
  const { ended, peakMb } = await measured([base, '1h', ...at.options]);
  expect(ended).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(JSON.parse(pages(at.out).get('data/matrix.json') ?? '').cells).toHaveLength(withResults);
  expect(tracesOf(at.out)).toBe(3 * withResults);
  expect(peakMb).toBeLessThan(mostMb);
});

/** Traces that the pages of all tests tell of. */
function tracesOf(out: string): number {
  return [...pages(out)]
    .filter(([path]) => path.startsWith('data/tests/'))
    .flatMap(([, body]) => JSON.parse(body).periods as { traces: number }[])
    .reduce((sum, { traces }) => sum + traces, 0);
}
