import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
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

/** Runs the demo again on a copy of its state without the mails, into other folders. */
async function secondDemo(prepare: (state: string) => void) {
  const place = tempDir();
  const [out, ownState] = [join(place, 'html'), join(place, 'var')];
  cpSync(state, ownState, { recursive: true });
  rmSync(join(ownState, 'mail'), { recursive: true });
  prepare(ownState);
  const ended = await runAt(madeAt, ['demo', '--out', out, '--state', ownState]);
  expect(ended.stdout).toContain(pathToFileURL(join(out, 'index.html')).href);
  return { ...ended, mail: join(ownState, 'mail') };
}

test('a second demo on the same state mails only what the first has not sent', async () => {
  let unsent = '';
  const { code, stderr, mail } = await secondDemo((ownState) => {
    const database = new DatabaseSync(join(ownState, 'pstrace.db'));
    const row = database
      .prepare(
        'DELETE FROM outbox WHERE number = (SELECT max(number) FROM outbox) RETURNING message_id',
      )
      .get();
    database.close();
    unsent = String(row?.message_id);
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const names = readdirSync(mail);
  expect(names).toHaveLength(1);
  expect(readFileSync(join(mail, names[0] ?? ''), 'utf8')).toContain(unsent);
});

test('a demo that partly fails still prints the place of its pages', async () => {
  const { code, stderr } = await secondDemo((ownState) => {
    rmSync(join(ownState, 'latest.json'));
    mkdirSync(join(ownState, 'latest.json'));
  });
  expect(code).toBe(75);
  expect(stderr).toMatch(/^pstrace: warning: cannot write the monitoring file: .*\n$/);
});
