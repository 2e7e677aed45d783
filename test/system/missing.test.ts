import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const main = join(import.meta.dirname, 'main.ts');

/** Starts the system test with none of its programs in PATH. */
function startIn(...args: readonly string[]) {
  const env = { PATH: '/no/such/folder' };
  const { status, stdout } = spawnSync(process.execPath, [main, ...args], {
    env,
    encoding: 'utf8',
  });
  return { status, stdout };
}

test('a system test that cannot run says that nothing was tested, and fails if it is required', () => {
  const said = /^The system test was NOT RUN, so nothing was tested: .*\.\n$/;
  expect(startIn()).toEqual({ status: 0, stdout: expect.stringMatching(said) });
  expect(startIn('--required')).toEqual({ status: 1, stdout: expect.stringMatching(said) });
});
