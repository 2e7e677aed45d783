import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const main = join(import.meta.dirname, 'main.ts');

test('no input of archives and tools causes a crash, a hang or an invented value', async () => {
  const args = [main, '--seed', '1', '--cases', '2000'];
  const { stdout } = await promisify(execFile)(process.execPath, args).catch((failure) => failure);
  expect(stdout).toMatch(/^fuzz: 2000 cases of seed 1 in \d+ s, nothing to complain of\n$/);
});
