import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempDir } from '../../helpers/tempDir.ts';
import { place, pstrace, start } from '../cli/command.ts';

test('a state folder inside the site is refused, exit 78', async () => {
  const out = join(tempDir(), 'html');
  const { code, stderr } = await pstrace('demo', '--out', out, '--state', join(out, 'var'));
  expect(code).toBe(78);
  expect(stderr).toContain('is inside the site');
});

test.each([
  ['by a name that begins with dots', 'html', 'html/..var'],
  ['behind a link', 'link', 'html/var'],
])('a state folder inside the site is refused, %s', async (_, site, state) => {
  const folder = tempDir();
  mkdirSync(join(folder, 'html'));
  symlinkSync('html', join(folder, 'link'));
  const args = ['--out', join(folder, site), '--state', join(folder, state)];
  const { code, stderr } = await pstrace('demo', ...args);
  expect({ code, stderr }).toEqual({ code: 78, stderr: expect.stringContaining('is inside') });
});

test.each(['elmond', 'esmond'])('demo-archive imitates %s until it is stopped', async (dialect) => {
  const archive = start(['demo-archive', '--port', '0', '--dialect', dialect]);
  const url = await archive.printed(/http:\S+/);
  const { out, options } = place();
  expect(await pstrace(url, '30m', ...options)).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(existsSync(join(out, 'index.html'))).toBe(true);
  archive.process.kill('SIGINT');
  const ended = await archive.ended;
  expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' });
});

test('a port in use is reported, exit 64', async () => {
  const archive = start(['demo-archive', '--port', '0']);
  const url = new URL(await archive.printed(/http:\S+/));
  const { code, stderr } = await pstrace('demo-archive', '--port', url.port);
  expect(code).toBe(64);
  expect(stderr).toMatch(/^pstrace: error: Port \d+ cannot be used \(EADDRINUSE\)\..*\n$/);
  archive.process.kill('SIGTERM');
  expect((await archive.ended).code).toBe(0);
});
