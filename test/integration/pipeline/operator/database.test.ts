import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { acquireLock } from '../../../../src/lib/lock.ts';
import { openStore } from '../../../../src/store/open.ts';
import { tempDir } from '../../../helpers/tempDir.ts';
import { type Place, pages, place, pstrace, start } from '../../cli/command.ts';
import { exported } from '../../store/exchange/exchanged.ts';
import {
  listedTest,
  midnight,
  periodAt,
  readingOf,
  routeThrough,
  traceAt,
} from '../../store/samples.ts';

/** A state with `days` days of one test in it, ten minutes apart, and the options that name it. */
function placeWithState(days = 1) {
  const made = place();
  const store = openStore(made.state, midnight);
  store.upsertTests([listedTest('a')], midnight);
  const traces = Array.from({ length: 144 * days }, (_, index) =>
    traceAt(midnight + index * 600, routeThrough('192.0.2.1', `10.0.${index % 99}.1`)),
  );
  store.append('a', readingOf(traces));
  store.finalizeDay('a', midnight, [periodAt(0, 85_800, 144)]);
  store.close();
  return { ...made, options: made.options.slice(2), file: join(made.state, 'pstrace.db') };
}

const silent = { code: 0, stdout: '', stderr: '' };

describe('db check', () => {
  test('shows the contents and reports an intact database, exit 0', async () => {
    const { options, file } = placeWithState();
    expect(await pstrace('db', 'check', ...options)).toEqual({
      code: 0,
      stdout: `${file}: 1 tests, 144 traces over 99 routes, 102 responders, 1 route periods, 0 changes\n${file}: OK\n`,
      stderr: '',
    });
  });

  test('reports the damage and its remedy, exit 75', async () => {
    const { options, file } = placeWithState();
    const database = new DatabaseSync(file);
    database.exec("UPDATE route SET body = x'09' WHERE number = 5");
    database.close();
    const { code, stdout, stderr } = await pstrace('db', 'check', ...options);
    expect({ code, stderr }).toEqual({ code: 75, stderr: '' });
    expect(stdout).toMatch(/^route 5: route in unknown format 9\n/);
    expect(stdout).toMatch(/is damaged. "pstrace db export" saves the readable part/);
  });

  test.each([
    ['is not there', () => {}, /no state database exists yet/],
    ['is none', (file: string) => writeFileSync(file, 'oops'.repeat(999)), /not a database/],
  ])(
    'of a database that %s: said plainly, exit 1, and nothing is made',
    async (_, make, message) => {
      const state = tempDir();
      make(join(state, 'pstrace.db'));
      const before = readdirSync(state);
      const { code, stdout, stderr } = await pstrace('db', 'check', '--state', state);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(message);
      expect(readdirSync(state)).toEqual(before);
    },
  );
});

/** Traces in a state, which must be whole; 0 before there is a database. */
async function tracesIn({ state, options }: Place): Promise<number> {
  if (!existsSync(join(state, 'pstrace.db'))) return 0;
  const { code, stdout } = await pstrace('db', 'check', ...options.slice(2));
  expect(code).toBe(0);
  return Number(/ (\d+) traces/.exec(stdout)?.[1] ?? 0);
}

describe('db export and import', () => {
  test('of what an archive gave: a fresh state gives the same pages, byte for byte', async () => {
    const archive = start(['demo-archive', '--port', '0']);
    const url = await archive.printed(/http:\S+/);
    const [from, to] = [place(), place()];
    expect((await pstrace(url, '2h', ...from.options)).code).toBe(0);
    archive.process.kill('SIGTERM');
    const file = join(tempDir(), 'export.ndjson');
    expect(await pstrace('db', 'export', file, ...from.options.slice(2))).toEqual(silent);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await pstrace('db', 'import', file, ...to.options.slice(2))).toEqual(silent);
    expect(`${exported(to.state).lines.join('\n')}\n` === readFileSync(file, 'utf8')).toBe(true);
    expect((await pstrace('render', ...to.options)).code).toBe(0);
    expect(pages(to.out)).toEqual(pages(from.out));
    expect(pages(to.out).size).toBeGreaterThan(300);
  }, 90_000);

  test('killed by -9 half-way and repeated, an import is complete', async () => {
    const { state } = placeWithState(60);
    const { lines } = exported(state);
    const fresh = place();
    const options = fresh.options.slice(2);
    const half = start(['db', 'import', '-', ...options]);
    half.process.stdin?.write(`${lines.slice(0, 6000).join('\n')}\n`);
    while ((await tracesIn(fresh)) === 0) await wait(50);
    half.process.kill('SIGKILL');
    await half.ended;
    expect(await tracesIn(fresh)).toBeLessThan(8640);
    const file = join(tempDir(), 'export.ndjson');
    writeFileSync(file, `${lines.join('\n')}\n`);
    expect(await pstrace('db', 'import', file, ...options)).toEqual(silent);
    expect(exported(fresh.state).lines).toEqual(lines);
  });

  test('stopped by SIGTERM an import retains the imported part, exit 143', async () => {
    const { state } = placeWithState(60);
    const fresh = place();
    const { lines } = exported(state);
    const run = start(['db', 'import', '-', ...fresh.options.slice(2)]);
    run.process.stdin?.write(`${lines.slice(0, 6000).join('\n')}\n`);
    while ((await tracesIn(fresh)) === 0) await wait(50);
    run.process.kill('SIGTERM');
    run.process.stdin?.end(`${lines.slice(6000).join('\n')}\n`);
    const { code, stderr } = await run.ended;
    expect({ code, stderr }).toEqual({ code: 143, stderr: expect.stringContaining('SIGTERM') });
    expect(await tracesIn(fresh)).toBeGreaterThan(0);
  });

  test('into a damaged database, it is kept aside and a new one has everything, exit 75', async () => {
    const { state, options, file } = placeWithState();
    const { lines } = exported(state);
    const backup = join(tempDir(), 'export.ndjson');
    writeFileSync(backup, `${lines.join('\n')}\n`);
    writeFileSync(file, 'oops'.repeat(999));
    const { code, stderr } = await pstrace('db', 'import', backup, ...options);
    expect(code).toBe(75);
    expect(stderr).toMatch(/was damaged .* moved to pstrace\.db\.corrupt-/);
    expect(exported(state).lines).toEqual(lines);
  });

  test('on a full disk an import says so, exit 1; repeated with room it is complete', async () => {
    const { state } = placeWithState(60);
    const fresh = place();
    const { lines } = exported(state);
    const file = join(tempDir(), 'export.ndjson');
    writeFileSync(file, `${lines.join('\n')}\n`);
    const args = ['db', 'import', file, ...fresh.options.slice(2)];
    const { code, stderr } = await start(args, ['prlimit', '--fsize=100000']).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^pstrace: error: cannot use the state database: .*full.*\n$/);
    expect(await pstrace(...args)).toEqual(silent);
    expect(exported(fresh.state).lines).toEqual(lines);
  });

  test('a damaged line is reported by its number and skipped, exit 75', async () => {
    const { state } = placeWithState();
    const fresh = place();
    const { lines } = exported(state);
    const file = join(tempDir(), 'export.ndjson');
    writeFileSync(file, lines.with(200, '{"record":').join('\n'));
    const { code, stdout, stderr } = await pstrace('db', 'import', file, ...fresh.options.slice(2));
    expect({ code, stdout }).toEqual({ code: 75, stdout: '' });
    expect(stderr).toMatch(/warning: line 201 skipped: it is not JSON\n/);
    expect(stderr).toMatch(
      /warning: the export is incomplete: it ends early, or lines are missing\n$/,
    );
  });

  test('a file that is not an export is rejected, exit 1', async () => {
    const options = place().options.slice(2);
    const file = join(tempDir(), 'page.html');
    writeFileSync(file, '<html>\n'.repeat(100));
    const { code, stderr } = await pstrace('db', 'import', file, ...options);
    expect(code).toBe(1);
    expect(stderr.match(/line \d+ skipped/g)).toHaveLength(20);
    expect(stderr).toMatch(/and 80 more\n.*contains no export of pstrace; nothing was imported\n$/);
    const missing = await pstrace('db', 'import', `${file}.gz`, ...options);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toMatch(/error: cannot read the export: no such file or directory/);
  });

  test('a reader that has seen enough is no failure', async () => {
    const { options } = placeWithState(60);
    const run = start(['db', 'export', ...options]);
    run.process.stdout?.once('data', () => run.process.stdout?.destroy());
    const { code, stderr } = await run.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('a file that cannot be written whole is not left behind, exit 1', async () => {
    const { options } = placeWithState(9);
    const folder = tempDir();
    const args = ['db', 'export', join(folder, 'export'), ...options];
    const { code, stderr } = await start(args, ['prlimit', '--fsize=100000']).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^pstrace: error: cannot write the export: .*larger than.*\n$/);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('db vacuum and backup', () => {
  test('are silent without a terminal, exit 0', async () => {
    const { options, file } = placeWithState();
    const copy = join(tempDir(), 'copy.db');
    expect(await pstrace('db', 'vacuum', ...options)).toEqual(silent);
    expect(await pstrace('db', 'backup', copy, ...options)).toEqual(silent);
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect(statSync(copy).size).toBe(statSync(file).size);
  });

  test('a backup over another file is refused, exit 1', async () => {
    const { options, file } = placeWithState();
    const { code, stderr } = await pstrace('db', 'backup', file, ...options);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `pstrace: error: ${file} is the database itself. Name another file.\n`,
    });
  });

  test('what changes the database leaves it alone while a run is at work, exit 75', async () => {
    const { state, options } = placeWithState();
    const lock = acquireLock(join(state, 'lock'));
    onTestFinished(() => lock?.release());
    for (const args of [['vacuum'], ['import', '-']]) {
      const run = start(['db', ...args, ...options]);
      run.process.stdin?.end();
      const { code, stderr } = await run.ended;
      expect(code).toBe(75);
      expect(stderr).toMatch(/another pstrace .*holds the lock on /);
    }
    expect((await pstrace('db', 'check', ...options)).code).toBe(0);
    expect((await pstrace('db', 'export', ...options)).code).toBe(0);
  });
});

describe('wrong usage of db exits 64', () => {
  test.each([
    [['db'], /Usage: pstrace db/],
    [['db', 'chek'], /unknown command 'chek'.*Did you mean check/s],
    [['db', 'backup'], /missing required argument 'file'/],
    [['--out', 'x', 'db', 'check'], /'--out <folder>' does not belong to 'check'/],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await pstrace(...args);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
