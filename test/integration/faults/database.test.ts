import { chmodSync, closeSync, openSync, readdirSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { place } from '../cli/command.ts';
import { serve } from '../pipeline/mesh.ts';
import { livelyMesh, noon } from './mesh.ts';
import { contentOf, pagesOf } from './outcome.ts';
import { runAt, startAt } from './pstraceAt.ts';

const good = { code: 0, stdout: '', stderr: '' };

/** A successful run an hour before noon. */
async function arrange() {
  const archive = await serve(livelyMesh(4, 100, noon));
  const at = place();
  const args = [archive.base, '12h', ...at.options];
  const run = (now: number) => runAt(now, args);
  expect(await run(noon - 3600)).toEqual(good);
  return { ...at, archive, args, run, path: join(at.state, 'pstrace.db') };
}

test('a run waits for another writer of the database, and gives up with a plain message', async () => {
  const { out, args, path } = await arrange();
  const old = pagesOf(out);
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  const { code, stderr } = await startAt(noon, args).ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^pstrace: error: cannot use the state database: another process has locked it.* Find the process that holds the lock\. The next run tries again\.\n$/,
  );
  expect(pagesOf(out)).toEqual(old);
  const waiting = startAt(noon, args).ended;
  await wait(2500);
  other.exec('ROLLBACK');
  other.close();
  expect(await waiting).toEqual(good);
});

/** Fills the pages of some tables and their indexes with garbage. */
function breakPages(path: string, isBroken: (table: string) => boolean): void {
  const database = new DatabaseSync(path);
  const sql = `SELECT pageno, pgsize, coalesce(tbl_name, dbstat.name) AS tableName FROM dbstat
    LEFT JOIN sqlite_schema ON sqlite_schema.name = dbstat.name`;
  const pages = database
    .prepare(sql)
    .all()
    .filter(({ tableName }) => isBroken(String(tableName)));
  database.close();
  expect(pages.length).toBeGreaterThan(0);
  const file = openSync(path, 'r+');
  for (const { pageno, pgsize } of pages) {
    const length = Number(pgsize);
    writeSync(file, Buffer.alloc(length, 0xa5), 0, length, (Number(pageno) - 1) * length);
  }
  closeSync(file);
}

test.each([
  ['in the traces', 'chunk'],
  ['in what the detection remembers', 'detection'],
  ['in the changes', 'change'],
])(
  'a database that breaks in the middle, %s, is reported; the next run quarantines it and starts anew from the archive',
  async (_, broken) => {
    const { out, state, archive, run, path } = await arrange();
    const old = pagesOf(out);
    breakPages(path, (table) => table === broken);
    const first = await run(noon);
    expect(first.code).toBe(1);
    expect(first.stderr).toMatch(
      /^pstrace: error: .*it is damaged .* The next run checks the database and, if it is damaged, replaces it by a new one\.\n$/,
    );
    expect(pagesOf(out)).toEqual(old);
    await expectBegunAnew({ state, archive, run });
  },
);

async function expectBegunAnew({
  state,
  archive,
  run,
}: Pick<Awaited<ReturnType<typeof arrange>>, 'state' | 'archive' | 'run'>) {
  const second = await run(noon);
  expect(second.code).toBe(75);
  expect(second.stderr).toMatch(
    /^pstrace: warning: .*was damaged .*; it was moved to pstrace\.db\./,
  );
  expect(readdirSync(state).filter((name) => /corrupt-[^.]+$/.test(name))).toHaveLength(1);
  expect(await run(noon)).toEqual(good);
  const fresh = place();
  expect(await runAt(noon, [archive.base, '12h', ...fresh.options])).toEqual(good);
  expect(contentOf(state)).toEqual(contentOf(fresh.state));
}

test('a database that cannot be opened is quarantined at once, and replaced', async () => {
  const { path, ...rest } = await arrange();
  breakPages(path, () => true);
  await expectBegunAnew(rest);
});

test.each([
  [
    "another program's database",
    'application_id = 7',
    /is the database of another program; it was left/,
  ],
  ['a database of a newer version', 'user_version = 99', /has version 99.* left .* newer pstrace/],
])('%s in its place remains unchanged', async (_, mark, said) => {
  const { out, run, path, archive } = await arrange();
  const old = pagesOf(out);
  const other = new DatabaseSync(path);
  other.exec(`PRAGMA ${mark}`);
  other.close();
  archive.requests.splice(0);
  const { code, stderr } = await run(noon);
  expect(code).toBe(1);
  expect(stderr).toMatch(said);
  expect(pagesOf(out)).toEqual(old);
  expect(archive.requests).toEqual([]);
});

test('regardless of the umask, no other user can read the state', async () => {
  const archive = await serve(livelyMesh(2, 20, noon));
  const at = place();
  const args = [archive.base, '3h', ...at.options];
  const prefix = ['sh', '-c', 'umask 000; exec "$@"', 'sh'];
  expect(await runAt(noon, args, { prefix })).toEqual(good);
  expect(statSync(at.state).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(at.state)) {
    expect(statSync(join(at.state, name)).mode & 0o777, name).toBe(0o600);
  }
  // An administrator's change remains.
  chmodSync(join(at.state, 'pstrace.db'), 0o640);
  expect(await runAt(noon, args)).toEqual(good);
  expect(statSync(join(at.state, 'pstrace.db')).mode & 0o777).toBe(0o640);
});
