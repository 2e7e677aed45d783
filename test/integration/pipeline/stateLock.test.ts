import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { http } from 'msw';
import { describe, expect, test } from 'vitest';
import { stall } from '../../helpers/faults.ts';
import { pages, place, pstrace, start } from '../cli/command.ts';
import { keyOf, meshTest, serve } from './mesh.ts';

/** An archive that answers nothing about its second test. */
async function serveStalling() {
  const asked = Promise.withResolvers<void>();
  const fault = http.get(`*/${keyOf(2)}/packet-trace/base/0`, () => {
    asked.resolve();
    return stall();
  });
  const archive = await serve([meshTest(1), meshTest(2)], [fault]);
  return { ...archive, asked: asked.promise };
}

/** A site and a state in which one good run was made. What stalls does so for longer than any test takes. */
async function placeWithSite() {
  const archive = await serve([meshTest(1)]);
  const made = place('[http]\nretries = 0\ntimeout = "10m"\n');
  expect((await pstrace(archive.base, '2h', ...made.options)).code).toBe(0);
  return { ...made, base: archive.base, before: pages(made.out) };
}

describe('two runs at once', () => {
  test('the second says so and exits 75, as does a render; the first goes on', async () => {
    const { out, options, before } = await placeWithSite();
    const archive = await serveStalling();
    const first = start([archive.base, '2h', ...options]);
    await archive.asked;
    for (const args of [[archive.base, '2h'], ['render']]) {
      const { code, stdout, stderr } = await pstrace(...args, ...options);
      expect({ code, stdout }).toEqual({ code: 75, stdout: '' });
      expect(stderr).toContain(`another pstrace (pid ${first.process.pid}) holds the lock`);
    }
    expect(pages(out)).toEqual(before);
    first.process.kill('SIGTERM');
    await first.ended;
  });
});

describe('a run that is stopped', () => {
  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)(
    'by %s exits %d at once; the old site is whole and the next run works',
    async (signal, code) => {
      const { out, options, base, before } = await placeWithSite();
      const archive = await serveStalling();
      const run = start([archive.base, '2h', ...options]);
      await archive.asked;
      run.process.kill(signal);
      const ended = await run.ended;
      expect(ended).toEqual({
        code,
        stdout: '',
        stderr: `pstrace: warning: Stopped by ${signal}.\n`,
      });
      expect(pages(out)).toEqual(before);
      expect(await pstrace(base, '2h', ...options)).toEqual({ code: 0, stdout: '', stderr: '' });
      const status = JSON.parse(pages(out).get('data/status.json') ?? '');
      expect(status.runs.map((run: { outcome: string | null }) => run.outcome)).toEqual([
        'ok',
        null,
        'ok',
      ]);
    },
  );

  test('while it writes pages leaves no half of a site', async () => {
    const archive = await serve([1, 2, 3, 4].map((number) => meshTest(number, 200)));
    const { out, options } = place();
    const run = start([archive.base, '2d', '-v', ...options]);
    await run.warned(/archive read/);
    run.process.kill('SIGTERM');
    expect((await run.ended).code).toBe(143);
    // The signal may come before the site is begun. Pictures of routes stay: the next run uses them.
    const left = existsSync(out) ? readdirSync(out, { recursive: true, encoding: 'utf8' }) : [];
    const allowed = ['.site', join('.site', 'lock'), join('.site', 'routes')];
    const isPicture = (name: string) => name.startsWith('.site/routes/');
    expect(left.filter((name) => !allowed.includes(name) && !isPicture(name))).toEqual([]);
  });

  test('by SIGKILL leaves nothing behind that stops the next', async () => {
    const { out, options, base, before } = await placeWithSite();
    const archive = await serveStalling();
    const run = start([archive.base, '2h', ...options]);
    await archive.asked;
    run.process.kill('SIGKILL');
    await run.ended;
    expect(pages(out)).toEqual(before);
    expect(await pstrace(base, '2h', ...options)).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

describe('a site that cannot be written', () => {
  test('a file in place of the folder: said plainly, exit 1, and the results are kept', async () => {
    const archive = await serve([meshTest(1)]);
    const { out, options } = place();
    writeFileSync(out, '');
    const { code, stderr } = await pstrace(archive.base, '2h', ...options);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^pstrace: error: cannot write the site: .*html.*\n$/);
    const [, , state, , config] = options.slice(1);
    const elsewhere = ['--out', `${out}2`, '--state', `${state}`, '--config', `${config}`];
    expect((await pstrace('render', ...elsewhere)).code).toBe(0);
    const [run] = JSON.parse(pages(`${out}2`).get('data/status.json') ?? '').runs;
    expect(run).toMatchObject({ outcome: 'partial', problems: [{ kind: 'store', subject: out }] });
  });

  test("another's file in the way is not overwritten", async () => {
    const archive = await serve([meshTest(1)]);
    const { out, options } = place();
    mkdirSync(out);
    writeFileSync(join(out, 'index.html'), 'mine');
    const { code, stderr } = await pstrace(archive.base, '2h', ...options);
    expect(code).toBe(1);
    expect(stderr).toMatch(/index\.html exists and was not made by pstrace/);
    expect(readFileSync(join(out, 'index.html'), 'utf8')).toBe('mine');
  });

  test('a disk that takes no more: said plainly, exit 1, the old site stays', async () => {
    const { out, options, before } = await placeWithSite();
    const archive = await serve([meshTest(1, 200), meshTest(2, 200)]);
    const run = start([archive.base, '2d', ...options], ['prlimit', '--fsize=20000']);
    const { code, stdout, stderr } = await run.ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^pstrace: error: cannot use the state database: .*full.*\n$/);
    expect(pages(out)).toEqual(before);
  });
});

describe('a state that cannot be used', () => {
  test('a corrupt database is kept aside, said plainly, and a new one begun: exit 75', async () => {
    const { out, state, options, base } = await placeWithSite();
    const garbage = 'not a database at all, but longer than a header of a hundred bytes. '.repeat(
      99,
    );
    writeFileSync(join(state, 'pstrace.db'), garbage);
    const { code, stderr } = await pstrace(base, '2h', ...options);
    expect(code).toBe(75);
    expect(stderr).toMatch(
      /^pstrace: warning: .*the state database was damaged.*moved to pstrace\.db\.corrupt-/,
    );
    const kept = readdirSync(state).find((name) => /^pstrace\.db\.corrupt-[^.]*$/.test(name)) ?? '';
    expect(readFileSync(join(state, kept), 'utf8')).toBe(garbage);
    expect(pages(out).has('index.html')).toBe(true);
    expect((await pstrace(base, '2h', ...options)).code).toBe(0);
  });

  test('a database of a newer version is left alone: exit 1, the old pages stay', async () => {
    const { out, state, options, base, before } = await placeWithSite();
    const database = new DatabaseSync(join(state, 'pstrace.db'));
    database.exec('PRAGMA user_version = 9999; PRAGMA journal_mode = DELETE');
    database.close();
    const bytes = readFileSync(join(state, 'pstrace.db'));
    for (const args of [[base, '2h'], ['render']]) {
      const { code, stderr } = await pstrace(...args, ...options);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^pstrace: error: .*newer.*\n$/);
    }
    expect(readFileSync(join(state, 'pstrace.db'))).toEqual(bytes);
    expect(pages(out)).toEqual(before);
  });

  test('a bug says that it is one, with its stack, and exits 70', async () => {
    const { state, options } = await placeWithSite();
    const database = new DatabaseSync(join(state, 'pstrace.db'));
    database.exec("UPDATE run SET body = 'no JSON'");
    database.close();
    const { code, stderr } = await pstrace('render', ...options);
    expect(code).toBe(70);
    expect(stderr).toMatch(/^pstrace: error: this is a bug in pstrace, please report it: /);
    expect(stderr).toMatch(/at .*runs\.ts:\d+/);
  });
});

describe('render', () => {
  test('builds offline what the run wrote, byte for byte', async () => {
    const { out, options, before } = await placeWithSite();
    const elsewhere = place();
    expect(await pstrace('render', ...options)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(pages(out)).toEqual(before);
    await pstrace('render', ...options, '--out', elsewhere.out);
    expect(pages(elsewhere.out)).toEqual(before);
  });

  test('shows another window or moment when asked', async () => {
    const { out, options } = await placeWithSite();
    const window = () => JSON.parse(pages(out).get('data/matrix.json') ?? '').window;
    const { to } = window();
    await pstrace('render', '30m', ...options);
    expect(window()).toMatchObject({ from: to - 1800, to });
    await pstrace('render', '--until', String(to - 600), ...options);
    expect(window()).toMatchObject({ from: to - 600 - 7200, to: to - 600 });
    const { code, stderr } = await pstrace('render', '--until', '2020-01-01', ...options);
    expect(code).toBe(1);
    expect(stderr).toMatch(/has no results in this window/);
  });

  test('without a state says what to do, exits 1 and makes nothing', async () => {
    const { state, options } = place();
    const { code, stderr } = await pstrace('render', ...options);
    expect(code).toBe(1);
    expect(stderr).toMatch(/no state database exists yet .*Run pstrace with an archive/);
    expect(() => readdirSync(state)).toThrow(/ENOENT/);
  });
});
