import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { acquireLock } from '../../../../src/lib/lock.ts';
import { openStore } from '../../../../src/store/open.ts';
import { mtrCsv } from '../../../helpers/mtrCsv.ts';
import { tempDir } from '../../../helpers/tempDir.ts';
import { type Place, pages, place, pstrace, start } from '../../cli/command.ts';
import { runAt } from '../../faults/pstraceAt.ts';
import { meshTest, now, serve } from '../mesh.ts';

const always = { from: 0, to: 2 ** 40 };

/** All tests of a state with their traces. */
function stored({ state }: Place) {
  const store = openStore(state, now, 'read');
  onTestFinished(() => store.close());
  return store.tests().map((each) => ({ ...each, traces: store.traces(each.id, always) }));
}

/** A file of the running test's own. */
function file(text: string, name = 'runs.csv'): string {
  const path = join(tempDir(), name);
  writeFileSync(path, text);
  return path;
}

/** The options of a place for a command that writes no pages. */
const stateOf = ({ options }: Place) => options.slice(2);

const silent = { code: 0, stdout: '', stderr: '' };

describe('pstrace import', () => {
  test('stores runs with all their numbers, and the same file once more adds nothing', async () => {
    const here = place();
    const path = file(mtrCsv(now - 600, now - 300));
    const args = ['import', path, '--source', 'Probe.example.org', ...stateOf(here)];
    expect(await pstrace(...args)).toEqual(silent);
    const [first, ...others] = stored(here);
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      archive: 'local',
      tool: 'mtr',
      source: { address: null, name: 'probe.example.org' },
      destination: { address: '203.0.113.9' },
    });
    expect(first?.traces.map(({ startedAt }) => startedAt)).toEqual([now - 600, now - 300]);
    const spread = { avgMs: [1.2, 5.2], worstMs: [2, 9], stdevMs: [0.3, 0.4] };
    expect(first?.traces[0]).toMatchObject({
      rttMs: [1, 5],
      probes: { sent: [10, 10], received: [10, 9], spread },
    });
    const { code, stderr } = await pstrace(...args, '-v');
    expect(code).toBe(0);
    expect(stderr).toContain('runs=2 newTraces=0');
    expect(stored(here)[0]?.traces).toHaveLength(2);
  });

  test('imports text without time from stdin, with the facts of the command line', async () => {
    const here = place();
    const text =
      'traceroute to 203.0.113.9 (203.0.113.9), 30 hops max, 60 byte packets\n' +
      ' 1  198.51.100.1  0.500 ms\n 2  203.0.113.9  4.100 ms\n';
    const runOptions = ['--time', '2026-03-01T12:00Z', '--spacing', '5m', '--protocol', 'tcp'];
    const running = start(['import', '-', ...runOptions, '--port', '443', ...stateOf(here)]);
    running.process.stdin?.end(text + text);
    expect(await running.ended).toEqual(silent);
    const [only] = stored(here);
    const noon = Date.UTC(2026, 2, 1, 12) / 1000;
    expect(only?.traces.map(({ startedAt }) => startedAt)).toEqual([noon, noon + 300]);
    expect(only?.parameters).toMatchObject({
      'ip-transport-protocol': 'tcp',
      'trace-dest-port': '443',
    });
  });

  test('names file and line of a damaged run, takes the rest in, exit 75', async () => {
    const here = place();
    const path = file(`${mtrCsv(now - 900, now - 600)}MTR.0.95,${now},OK,203.0.113.9,1,198.5`);
    const { code, stderr } = await pstrace('import', path, '/no/such.csv', ...stateOf(here));
    expect(code).toBe(75);
    expect(stderr).toContain(`${path}:6 (byte `);
    expect(stderr).toMatch(/cannot read the file: .*\/no\/such\.csv/);
    expect(stored(here)[0]?.traces).toHaveLength(1);
  });

  test.each([
    ['holds nothing of the kind', 'not output of a program that pstrace reads', 'hello\n'],
    ['is empty', 'it is empty', ''],
  ])('of a file that %s: said plainly, exit 1', async (_, message, text) => {
    const { code, stderr } = await pstrace('import', file(text), ...stateOf(place()));
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).toContain('nothing was imported');
  });

  test('--explain prints how each run is read, names what is not, and stores nothing', async () => {
    const here = place();
    const trace =
      'traceroute to 203.0.113.9 (203.0.113.9), 30 hops max, 60 byte packets\n' +
      ' 1  198.51.100.1  0.500 ms\n 2  *\n 3  203.0.113.9  4.100 ms\n';
    const path = file(`${mtrCsv(1_760_000_000)}rubbish\n${trace}`, 'runs.txt');
    utimesSync(path, 1_760_001_000, 1_760_001_000);
    const args = ['import', '--explain', path, '--source', 'a.example.net', ...stateOf(here)];
    const { code, stdout, stderr } = await pstrace(...args);
    expect(code).toBe(75);
    const ends = 'IPv4, a.example.net > 203.0.113.9';
    expect(stdout.trimEnd().split('\n')).toEqual([
      `${path}:2: mtr --csv, ${ends}, 2025-10-09T08:53:20Z (written in the file), 2 hops, 0 silent, reached`,
      `${path}:5: traceroute, ${ends}, 2025-10-09T09:10:00Z (from the last change of the file), 3 hops, 1 silent, reached`,
    ]);
    expect(stderr).toContain(`${path}:4 (byte `);
    expect(existsSync(here.state)).toBe(false);
  });

  test('of a folder is refused like a file that cannot be read, exit 1', async () => {
    const { code, stderr } = await pstrace('import', tempDir(), ...stateOf(place()));
    expect(code).toBe(1);
    expect(stderr).not.toContain('bug');
  });

  test('counts further unreadable files, which no page has', async () => {
    const files = Array.from({ length: 25 }, (_, index) => `/no/such/${index}`);
    const { code, stderr } = await pstrace('import', ...files, ...stateOf(place()));
    expect(code).toBe(1);
    expect(stderr).toContain('warning: and 5 more problems\n');
  });

  test('reports that hosts without addresses count as silent', async () => {
    const path = file(mtrCsv(now - 600).replaceAll('198.51.100.1', '_gateway'));
    const { code, stderr } = await pstrace('import', path, ...stateOf(place()));
    expect(code).toBe(0);
    expect(stderr).toContain('1 of 1 runs name hosts without their addresses');
  });

  test('leaves a state alone that another pstrace works with, exit 75', async () => {
    const here = place();
    mkdirSync(here.state, { recursive: true });
    const lock = acquireLock(join(here.state, 'lock'));
    const { code, stderr } = await pstrace('import', file(mtrCsv(now)), ...stateOf(here));
    lock?.release();
    expect(code).toBe(75);
    expect(stderr).toContain('another pstrace');
  });

  test.each([
    ['--family', '5'],
    ['--port', '0'],
    ['--protocol', 'sctp'],
    ['--time', 'noon'],
    ['--spacing', '0'],
  ])('refuses %s %s, exit 64', async (...wrong) => {
    expect((await pstrace('import', 'x', ...wrong)).code).toBe(64);
  });
});

describe('the site with no archive', () => {
  /** A place whose configuration names a drop folder. */
  function withDrop(pattern = '/*.csv') {
    const folder = join(tempDir(), 'drop');
    mkdirSync(folder);
    const mtr = `[mtr]\nsource = "probe.example.org"\nimport = ["${folder}${pattern}"]\n`;
    const here = place(`[http]\nretries = 0\n${mtr}`);
    const drop = (name: string, text: string, age: number) => {
      writeFileSync(join(folder, name), text);
      utimesSync(join(folder, name), now - age, Date.now() / 1000 - age);
    };
    return { ...here, folder, drop };
  }

  test('shows the dropped files, but none that may still grow; the next run changes nothing', async () => {
    const here = withDrop();
    const args = ['--mtr-only', '--until', String(now), '1h', ...here.options];
    here.drop('old.csv', mtrCsv(now - 900, now - 600), 60);
    const growing = setInterval(() => here.drop('growing.csv', mtrCsv(now - 100), 0), 100);
    onTestFinished(() => clearInterval(growing));
    here.drop('other.txt', 'not meant', 60);
    expect(await pstrace(...args)).toEqual(silent);
    const [only] = stored(here);
    expect(only?.traces).toHaveLength(2);
    const before = pages(here.out);
    const page = `tests/${only?.id}/index.html`;
    expect(before.get(page)).toContain('198.51.100.1');
    expect(before.get('index.html')).toContain('probe.example.org');
    clearInterval(growing);
    here.drop('growing.csv', mtrCsv(now - 600), 60);
    expect(await pstrace(...args)).toEqual(silent);
    expect(readFileSync(join(here.out, page), 'latin1')).toBe(before.get(page));
    expect(stored(here)[0]?.traces).toHaveLength(2);
  });

  test('reads only what a dropped file has gained, and a replaced file whole', async () => {
    const here = withDrop();
    const args = ['--mtr-only', '1h', '-v', ...here.options];
    const imported = async () =>
      /runs=\d+ newTraces=\d+/.exec((await pstrace(...args)).stderr)?.[0];
    const log = join(here.folder, 'log.csv');
    here.drop('log.csv', mtrCsv(now - 1800, now - 1500), 60);
    expect(await imported()).toBe('runs=2 newTraces=2');
    appendFileSync(log, mtrCsv(now - 1200));
    utimesSync(log, now, now - 60);
    expect(await imported()).toBe('runs=1 newTraces=1');
    appendFileSync(log, mtrCsv(now - 900));
    utimesSync(log, now, now - 60);
    expect(await imported()).toBe('runs=1 newTraces=1');
    here.drop('log.csv', mtrCsv(now - 1700, now - 1400, now - 1100, now - 800, now - 500), 60);
    expect(await imported()).toBe('runs=5 newTraces=5');
    expect(stored(here)[0]?.traces).toHaveLength(9);
  });

  test('is written with problems when a dropped file is damaged, exit 75', async () => {
    const here = withDrop();
    here.drop('good.csv', mtrCsv(now - 600), 60);
    here.drop('<b>\n.csv', 'rubbish\n', 60);
    const { code, stderr } = await pstrace('--mtr-only', '1h', ...here.options);
    expect(code).toBe(75);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    const status = pages(here.out).get('status.html');
    expect(status).toMatch(/a file of \S+\*\.csv:1 \(byte 0\) skipped: not output of a program/);
    expect(status).not.toMatch(/rubbish|b&gt;|<b>\n/);
    expect(stderr).toMatch(/detail=".*<b> \.csv: rubbish"/);
    // Reported once, until the file changes.
    expect(await pstrace('--mtr-only', '1h', ...here.options)).toEqual(silent);
    here.drop('<b>\n.csv', 'rubbish of another kind\n', 60);
    expect((await pstrace('--mtr-only', '1h', ...here.options)).code).toBe(75);
    expect(await pstrace('--mtr-only', '1h', ...here.options)).toEqual(silent);
    here.drop('<b>\n.csv', mtrCsv(now - 1200), 60);
    expect(await pstrace('--mtr-only', '1h', ...here.options)).toEqual(silent);
    expect(stored(here)[0]?.traces).toHaveLength(2);
  });

  test('with a link in the drop folder that leads to itself: reported once, and the other files are imported', async () => {
    const here = withDrop();
    symlinkSync('loop.csv', join(here.folder, 'loop.csv'));
    here.drop('good.csv', mtrCsv(now - 600), 60);
    const { code, stderr } = await pstrace('--mtr-only', '1h', ...here.options);
    expect({ code, lines: stderr.match(/\n/g) }).toEqual({ code: 75, lines: ['\n'] });
    expect(stderr).toContain('cannot read a file: too many symbolic links');
    expect(stored(here)[0]?.traces).toHaveLength(1);
    expect(await pstrace('--mtr-only', '1h', ...here.options)).toEqual(silent);
  });

  test('never reads what others could not read: links out of the folder, pipes, files of others', async () => {
    const here = withDrop();
    const secret = join(dirname(here.folder), 'secret');
    mkdirSync(secret);
    writeFileSync(join(secret, 'key.csv'), 'S3CRET first line\n');
    symlinkSync(join(secret, 'key.csv'), join(here.folder, 'leak.csv'));
    symlinkSync('good.csv', join(here.folder, 'latest.csv'));
    execFileSync('mkfifo', [join(here.folder, 'pipe.csv')]);
    here.drop('good.csv', mtrCsv(now - 600), 60);
    here.drop('alien.csv', 'alien line\n', 60);
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) chownSync(join(here.folder, 'alien.csv'), 12_345, 12_345);
    const { code, stderr } = await pstrace('--mtr-only', '1h', ...here.options);
    expect(code).toBe(75);
    const warnings = stderr.trimEnd().split('\n');
    expect(warnings).toEqual([
      expect.stringMatching(
        isRoot ? /it belongs neither .* detail=\S+alien\.csv$/ : /not output of a program/,
      ),
      expect.stringMatching(/a symbolic link that leads out of the folder.* detail=\S+leak\.csv$/),
    ]);
    expect(stderr).not.toContain('S3CRET');
    if (isRoot) expect(stderr).not.toContain('alien line');
    const published = [...pages(here.out).values()].join('\n');
    expect(published).not.toMatch(/S3CRET|alien|leak\.csv/);
    expect(published).toContain('a symbolic link that leads out of the folder');
    expect(stored(here)[0]?.traces).toHaveLength(1);
    expect(await pstrace('--mtr-only', '1h', ...here.options)).toEqual(silent);
  });

  test('never follows a linked folder out of the drop folder', async () => {
    const here = withDrop('/{sub,other}/*.csv');
    const secret = join(dirname(here.folder), 'secret');
    mkdirSync(secret);
    writeFileSync(join(secret, 'runs.csv'), 'S3CRET first line\n');
    utimesSync(join(secret, 'runs.csv'), now - 60, now - 60);
    symlinkSync(secret, join(here.folder, 'sub'));
    const { code, stderr } = await pstrace('--mtr-only', '1h', ...here.options);
    expect(code).toBe(1);
    expect(stderr).toContain('it is not a file of the folder');
    expect(stderr).not.toContain('S3CRET');
  });

  test('and an archive that fails: imported results are shown as long as they are fresh, exit 75', async () => {
    const archive = await serve([meshTest(1, 6, now - 6000)]);
    const here = withDrop();
    const run = (at: number) => runAt(at, [archive.base, '3h', ...here.options]);
    const starts = [8400, 7800, 7200, 6600, 6000].map((ago) => now - ago);
    here.drop('old.csv', mtrCsv(...starts), 60);
    expect(await run(now - 5400)).toEqual(silent);
    await archive.close();
    const { code, stderr } = await run(now - 4800);
    expect({ code, lines: stderr.match(/\n/g) }).toEqual({ code: 75, lines: ['\n'] });
    const shown = () => JSON.parse(pages(here.out).get('data/status.json') ?? '');
    expect(shown()).toMatchObject({ generatedAt: now - 4800, stale: null });
    // More than two and a half of its intervals of ten minutes later it tells nothing of the present.
    expect((await run(now - 4200)).code).toBe(1);
    expect(shown()).toMatchObject({ stale: { since: now - 4800 } });
  });

  test('without any result in the window: nothing, exit 1', async () => {
    const { code, stderr } = await pstrace('--mtr-only', ...place().options);
    expect(code).toBe(1);
    expect(stderr).toContain('no usable results');
  });

  test('asks no archive, so none may be named, exit 64', async () => {
    const { code, stderr } = await pstrace('--mtr-only', 'ma.example.org', ...place().options);
    expect(code).toBe(64);
    expect(stderr).toContain('--mtr-only reads no archive');
  });
});
