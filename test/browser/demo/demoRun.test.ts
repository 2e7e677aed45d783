import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, inject, test } from 'vitest';
import { tempDir } from '../../helpers/tempDir.ts';
import { pages } from '../../integration/cli/command.ts';
import { runAt } from '../../integration/faults/pstraceAt.ts';

const { folder, state, madeAt, stdout, stderr } = inject('demoSite');

test('demo runs the whole pipeline over HTTP and prints where the pages are', () => {
  expect(stderr).toBe('');
  const [url = ''] = /file:\S+/.exec(stdout) ?? [];
  expect(fileURLToPath(url)).toBe(join(folder, 'index.html'));
  const matrix = JSON.parse(pages(folder).get('data/matrix.json') ?? '');
  expect(matrix.sources.length).toBeGreaterThanOrEqual(8);
  const cells: { family: number; state: string }[] = matrix.cells;
  expect(new Set(cells.map(({ family }) => family))).toEqual(new Set([4, 6]));
  expect(new Set(cells.map((cell) => cell.state)).size).toBeGreaterThan(2);
});

test('a second demo on the same state mails nothing, and prints where the pages are even if part of it fails', async () => {
  const place = tempDir();
  const [out, ownState] = [join(place, 'html'), join(place, 'var')];
  cpSync(state, ownState, { recursive: true });
  for (const name of ['mail', 'latest.json']) rmSync(join(ownState, name), { recursive: true });
  mkdirSync(join(ownState, 'latest.json'));
  const ended = await runAt(madeAt, ['demo', '--out', out, '--state', ownState]);
  expect(ended.code).toBe(75);
  expect(ended.stderr).toMatch(/^pstrace: warning: cannot write the monitoring file: .*\n$/);
  expect(ended.stdout).toContain(pathToFileURL(join(out, 'index.html')).href);
  expect(existsSync(join(ownState, 'mail'))).toBe(false);
});
