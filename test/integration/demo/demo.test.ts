import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { tempDir } from '../../helpers/tempDir.ts';
import { pages, place, pstrace, start } from '../cli/command.ts';

test('demo runs the whole road over HTTP and says where the pages are', async () => {
  const folder = tempDir();
  const out = join(folder, 'html');
  const { code, stdout, stderr } = await pstrace(
    'demo',
    '--out',
    out,
    '--state',
    join(folder, 'var'),
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [url = ''] = /file:\S+/.exec(stdout) ?? [];
  expect(fileURLToPath(url)).toBe(join(out, 'index.html'));
  const matrix = JSON.parse(pages(out).get('data/matrix.json') ?? '');
  expect(matrix.sources.length).toBeGreaterThanOrEqual(8);
  expect(new Set(matrix.cells.map((cell: { family: number }) => cell.family))).toEqual(
    new Set([4, 6]),
  );
  expect(new Set(matrix.cells.map((cell: { state: string }) => cell.state)).size).toBeGreaterThan(
    2,
  );
});

test('demo says where the pages are also when it could not do all of its work', async () => {
  const folder = tempDir();
  const state = join(folder, 'var');
  mkdirSync(state);
  writeFileSync(join(state, 'mail'), 'in the place of the folder');
  const out = join(folder, 'html');
  const { code, stdout, stderr } = await pstrace('demo', '--out', out, '--state', state);
  expect(code).toBe(75);
  expect(stderr).toMatch(/^pstrace: warning: /);
  expect(stdout).toContain(pathToFileURL(join(out, 'index.html')).href);
});

test('a state among the pages is refused, exit 78', async () => {
  const out = join(tempDir(), 'html');
  const { code, stderr } = await pstrace('demo', '--out', out, '--state', join(out, 'var'));
  expect(code).toBe(78);
  expect(stderr).toContain('is inside the site');
});

test('a run that is stopped while it writes pages leaves no half of a site', async () => {
  const folder = tempDir();
  const out = join(folder, 'html');
  const run = start(['demo', '-v', '--out', out, '--state', join(folder, 'var')]);
  await run.warned(/archive read/);
  run.process.kill('SIGTERM');
  expect((await run.ended).code).toBe(143);
  // The signal may come before the site is begun.
  const left = existsSync(out) ? readdirSync(out, { recursive: true, encoding: 'utf8' }) : [];
  expect(left.filter((name) => name !== '.site' && name !== join('.site', 'lock'))).toEqual([]);
});

test.each(['elmond', 'esmond'])('demo-archive plays %s until it is stopped', async (dialect) => {
  const archive = start(['demo-archive', '--port', '0', '--dialect', dialect]);
  const url = await archive.printed(/http:\S+/);
  const { out, options } = place();
  expect(await pstrace(url, '30m', ...options)).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(existsSync(join(out, 'index.html'))).toBe(true);
  archive.process.kill('SIGINT');
  const ended = await archive.ended;
  expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' });
});

test('a port that is taken is told, exit 64', async () => {
  const archive = start(['demo-archive', '--port', '0']);
  const url = new URL(await archive.printed(/http:\S+/));
  const { code, stderr } = await pstrace('demo-archive', '--port', url.port);
  expect(code).toBe(64);
  expect(stderr).toMatch(/^pstrace: error: Port \d+ cannot be used \(EADDRINUSE\)\..*\n$/);
  archive.process.kill('SIGTERM');
  expect((await archive.ended).code).toBe(0);
});
