import { readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../../../src/store/open.ts';
import { tempDir } from '../../../helpers/tempDir.ts';
import { type Place, pages, place } from '../../cli/command.ts';
import { contentOf } from '../../faults/outcome.ts';
import { runAt } from '../../faults/pstraceAt.ts';
import { meshTest, serve } from '../mesh.ts';

const noon = 1_795_178_400;
const year = 365 * 86_400;

/** A place with results of two tests at noon. */
async function withResults(): Promise<Place & { readonly base: string }> {
  const { base } = await serve([meshTest(1, 9, noon - 60), meshTest(2, 9, noon - 60)]);
  const at = place();
  expect(await runAt(noon, [base, '2h', ...at.options])).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
  });
  return { ...at, base };
}

const trace =
  'HOST: ps-9 Loss%   Snt   Last   Avg  Best  Wrst StDev\n  1.|-- 192.0.2.1 0.0% 5 1.0 1.0 1.0 1.0 0.0\n  2.|-- 203.0.113.9 0.0% 5 2.0 2.0 2.0 2.0 0.0\n';

test.each([
  ['silence add', ['silence', 'add', '--test', '*', '--for', '1h', '--reason', 'x']],
  ['tests retire', ['tests', 'retire', '*']],
  ['import', ['import', 'FILE']],
] as const)('pstrace %s refuses to record the time of a doubtful clock', async (_, words) => {
  const at = await withResults();
  const file = join(tempDir(), 'ps-9_203.0.113.9_20261120T123000Z.txt');
  writeFileSync(file, trace);
  const args = words.map((word) => (word === 'FILE' ? file : word));
  const before = contentOf(at.state);
  for (const clock of [600, noon - 7200, noon + 10 * year]) {
    const { code, stderr } = await runAt(clock, [...args, ...at.options.slice(2)]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^pstrace: error: The clock of this host shows .* Correct it/);
  }
  expect(contentOf(at.state)).toEqual(before);
});

test('a run in doubt leaves the drop folder for the next one', async () => {
  const at = await withResults();
  const folder = tempDir();
  const config = join(folder, 'pstrace.toml');
  writeFileSync(config, `[mtr]\nimport = "${folder}/*.txt"\n`);
  writeFileSync(join(folder, 'ps-9_203.0.113.9_20261120T123000Z.txt'), trace);
  const args = [at.base, '2h', ...at.options.slice(0, 4), '--config', config];
  const count = () => {
    const store = openStore(at.state, noon, 'read');
    const tests = store.tests().length;
    store.close();
    return tests;
  };
  expect((await runAt(noon + 10 * year, args)).code).toBe(1);
  expect(count()).toBe(2);
  await runAt(noon + 600, args);
  expect(count()).toBe(3);
});

test('a run marks the pages once, also if another command has met the doubt before it', async () => {
  const at = await withResults();
  const run = (now: number) => runAt(now, [at.base, '2h', ...at.options]);
  const index = () => pages(at.out).get('index.html');
  const release = () => readlinkSync(join(at.out, '.site/current'));
  const words = ['tests', 'retire', '*', ...at.options.slice(2)];
  expect((await runAt(600, words)).code).toBe(1);
  expect(index()).not.toContain('The clock of the host');
  expect(await run(1200)).toEqual({ code: 1, stdout: '', stderr: '' });
  expect(index()).toContain('The clock of the host');
  const marked = release();
  expect((await run(1800)).code).toBe(1);
  expect(release()).toBe(marked);
});

test('a dry run in doubt prints why, and nothing else', async () => {
  const at = await withResults();
  const { code, stdout, stderr } = await runAt(600, [at.base, '2h', '--dry-run', ...at.options]);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/The clock of this host shows 1970-01-01/);
});
