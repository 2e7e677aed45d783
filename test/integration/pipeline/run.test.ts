import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { http } from 'msw';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startArchiveServer } from '../../helpers/archiveServer.ts';
import { fakeArchive } from '../../helpers/fakeArchive.ts';
import { page } from '../../helpers/faults.ts';
import { pages, place, pstrace } from '../cli/command.ts';
import { deadArchive, keyOf, meshTest, now, serve } from './mesh.ts';

const silent = { code: 0, stdout: '', stderr: '' };

describe('a good run', () => {
  test('writes the site and says nothing where no terminal is', async () => {
    const archive = await serve([meshTest(1), meshTest(2)]);
    const { out, options } = place();
    expect(await pstrace(archive.base, '7200', ...options)).toEqual(silent);
    const paths = [...pages(out).keys()];
    expect(paths).toEqual(
      expect.arrayContaining(['index.html', 'status.html', 'data/matrix.json']),
    );
    expect(
      paths.filter((path) => /^tests\/192-0-2-\d|^tests\/192\.0\.2\.\d/.test(path)),
    ).toHaveLength(10);
    expect(JSON.parse(pages(out).get('data/matrix.json') ?? '')).toMatchObject({
      cells: [
        { source: '192.0.2.1', destination: '203.0.113.9' },
        { source: '192.0.2.2', destination: '203.0.113.9' },
      ],
      problems: [],
    });
  });

  test('shows a listed test without any result as untested, except in a view of the past', async () => {
    const archive = await serve([meshTest(1), meshTest(2, 0)]);
    const { out, options } = place();
    const states = () =>
      JSON.parse(pages(out).get('data/matrix.json') ?? '').cells.map(
        ({ source, state }: { source: string; state: string }) => `${source} ${state}`,
      );
    expect(await pstrace(archive.base, '2h', ...options)).toEqual(silent);
    expect(states()).toEqual(['192.0.2.1 ok', '192.0.2.2 untested']);
    expect(await pstrace(archive.base, '2h', '--until', `${now - 1200}`, ...options)).toEqual(
      silent,
    );
    expect(states()).toEqual(['192.0.2.1 ok']);
  });

  test('requests only new results and the overlap in the second run', async () => {
    const archive = await serve([meshTest(1, 30), meshTest(2, 30)]);
    const { options } = place('[store]\noverlap = "20m"\n[http]\nretries = 0\n');
    await pstrace(archive.base, '6h', ...options);
    const first = archive.requests.splice(0);
    expect(startsOf(first, /packet-trace\/base/)).toEqual([now - 21_600, now - 21_600].map(about));
    expect(await pstrace(archive.base, '6h', ...options)).toEqual(silent);
    expect(startsOf(archive.requests, /archive\/\?/)).toEqual([now - 1200].map(about));
    expect(startsOf(archive.requests, /packet-trace\/base/)).toEqual(
      [now - 1200, now - 1200].map(about),
    );
    expect(archive.requests.length).toBeLessThanOrEqual(first.length);
  });

  test('fills the gap in front when the window becomes longer', async () => {
    const archive = await serve([meshTest(1, 60)]);
    const { out, options } = place('[store]\noverlap = "20m"\n[http]\nretries = 0\n');
    await pstrace(archive.base, '2h', ...options);
    archive.requests.splice(0);
    await pstrace(archive.base, '8h', ...options);
    expect(startsOf(archive.requests, /archive\/\?/)).toEqual([about(now - 28_800)]);
    expect(startsOf(archive.requests, /packet-trace\/base/)).toEqual(
      [now - 28_800, now - 1200].map(about),
    );
    expect(summary(out).traces).toBe(48);
  });

  test('leaves every page of an unchanged test as it is, byte for byte', async () => {
    const archive = await serve([meshTest(1), meshTest(2)]);
    const { out, options } = place();
    await pstrace(archive.base, '2h', ...options, '--until', String(now));
    const before = pages(out);
    await pstrace(archive.base, '2h', ...options, '--until', String(now));
    const changed = [...pages(out)].filter(([path, body]) => before.get(path) !== body);
    expect(changed.map(([path]) => path).sort()).toEqual([
      'assets/run.js',
      'data/status.json',
      'status.html',
    ]);
  });

  test('takes archives and window from the configuration', async () => {
    const archive = await serve([meshTest(1)]);
    const { out, options } = place(`window = "90m"\n[[archive]]\nurl = "${archive.base}"\n`);
    expect(await pstrace(...options)).toEqual(silent);
    const { window } = JSON.parse(pages(out).get('data/matrix.json') ?? '');
    expect(window.to - window.from).toBe(5400);
  });

  test('with --until shows the past as it was', async () => {
    const archive = await serve([meshTest(1, 30)]);
    const { out, options } = place();
    const until = new Date((now - 7200) * 1000).toISOString();
    expect(await pstrace(archive.base, '1h', '--until', until, ...options)).toEqual(silent);
    const matrix = JSON.parse(pages(out).get('data/matrix.json') ?? '');
    expect(matrix).toMatchObject({
      generatedAt: now - 7200,
      viewOf: now - 7200,
      window: { from: now - 10_800, to: now - 7200 },
      cells: [{ lastTraceAt: now - 7260 }],
    });
  });

  test('-v logs the steps, --json-log as one object a line', async () => {
    const archive = await serve([meshTest(1)]);
    const { options } = place();
    const { stderr, stdout, code } = await pstrace(
      archive.base,
      '2h',
      '-v',
      '--json-log',
      ...options,
    );
    expect({ stdout, code }).toEqual({ stdout: '', code: 0 });
    const lines = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ level: 'info', message: 'archive read', tracesNew: 6 }),
        expect.objectContaining({ level: 'info', message: 'site written', tests: 1 }),
      ]),
    );
  });
});

describe('a run with problems', () => {
  test('one of two archives dead: the pages of the other are written, exit 75', async () => {
    const archive = await serve([meshTest(1)]);
    const dead = await deadArchive();
    const { out, options } = place();
    const { code, stdout, stderr } = await pstrace(dead, archive.base, '2h', ...options);
    expect({ code, stdout }).toEqual({ code: 75, stdout: '' });
    expect(stderr).toMatch(/^pstrace: warning: .*127\.0\.0\.1.*\n$/);
    const matrix = JSON.parse(pages(out).get('data/matrix.json') ?? '');
    expect(matrix.cells).toHaveLength(1);
    expect(matrix.problems).toEqual([expect.objectContaining({ kind: 'unreachable' })]);
  });

  test('one test answered by 503: the others are shown, and its results come with a later run', async () => {
    let broken = true;
    const fault = http.get(`*/${keyOf(2)}/packet-trace/base/0`, () =>
      broken ? page('<h1>Service Unavailable</h1>', 503) : undefined,
    );
    const archive = await serve([meshTest(1), meshTest(2), meshTest(3)], [fault]);
    const { out, options } = place();
    const { code, stderr } = await pstrace(archive.base, '2h', ...options);
    expect(code).toBe(75);
    expect(stderr).toMatch(/^pstrace: warning: 192[.-]0[.-]2[.-]2_.*503.*\n$/);
    const sources = () =>
      JSON.parse(pages(out).get('data/matrix.json') ?? '').cells.map(
        (cell: { source: string }) => cell.source,
      );
    expect(sources()).toEqual(['192.0.2.1', '192.0.2.3']);
    broken = false;
    expect(await pstrace(archive.base, '2h', ...options)).toEqual(silent);
    expect(sources()).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.3']);
  });

  test('--quiet leaves the warnings out; the exit code stays', async () => {
    const archive = await serve([meshTest(1)]);
    const { options } = place();
    const ended = await pstrace(await deadArchive(), archive.base, '2h', '--quiet', ...options);
    expect(ended).toEqual({ code: 75, stdout: '', stderr: '' });
  });
});

describe('an archive with a certificate that no authority vouches for', () => {
  test('is refused with the remedies; --ca for this archive, or --insecure, lets it in', async () => {
    const tls = (name: string) =>
      readFileSync(join(import.meta.dirname, '../../fixtures/sources/tls', name), 'utf8');
    const server = await startArchiveServer(fakeArchive([meshTest(1)]), {
      key: tls('server.key'),
      cert: tls('self-signed.pem'),
    });
    onTestFinished(server.close);
    const { out, options } = place();
    const { code, stderr } = await pstrace(server.url, '2h', ...options);
    expect(code).toBe(1);
    expect(stderr).toMatch(/self-signed.*--ca.*--insecure/);
    const pem = join(import.meta.dirname, '../../fixtures/sources/tls/self-signed.pem');
    expect(await pstrace(server.url, '2h', '--ca', `${server.url}=${pem}`, ...options)).toEqual(
      silent,
    );
    expect(await pstrace(server.url, '2h', '--insecure', ...options)).toEqual(silent);
    expect(pages(out).has('index.html')).toBe(true);
  });
});

describe('a run that brings nothing', () => {
  test('exits 1 and writes no pages when there never were any', async () => {
    const { out, options } = place();
    const { code, stderr } = await pstrace(await deadArchive(), '2h', ...options);
    expect(code).toBe(1);
    expect(stderr).toMatch(/no usable results, and none from earlier runs; no pages were written/);
    expect(() => pages(out)).toThrow(/ENOENT/);
  });

  test('an archive without a single trace in the window is nothing', async () => {
    const archive = await serve([]);
    const { code, stderr } = await pstrace(archive.base, '2h', ...place().options);
    expect(code).toBe(1);
    expect(stderr).toMatch(/warning: .*no results of any kind/);
  });

  test('keeps the old pages, marked as out of date on every one of them, until results come again', async () => {
    const archive = await serve([meshTest(1)]);
    const { out, options } = place();
    await pstrace(archive.base, '2h', ...options);
    const good = pages(out);
    const dead = await deadArchive();
    const { code, stderr } = await pstrace(dead, '2h', ...options);
    expect(code).toBe(1);
    expect(stderr).toMatch(/keep their content and are marked as out of date/);
    const stale = pages(out);
    expect([...stale.keys()]).toEqual([...good.keys()]);
    const html = [...stale].filter(([path]) => path.endsWith('.html'));
    const unmarked = html.filter(
      ([, body]) => !body.includes('No archive has returned usable results'),
    );
    expect(unmarked.map(([path]) => path)).toEqual([]);
    expect(stale.get('index.html')?.match(/the pages show/gi)).toHaveLength(1);
    expect(JSON.parse(stale.get('data/matrix.json') ?? '').cells).toHaveLength(1);

    // A second such run rewrites only what tells of the run, and offline the same site is built.
    await pstrace(dead, '2h', ...options);
    const again = pages(out);
    const changed = [...again].filter(([path, body]) => stale.get(path) !== body);
    expect(changed.map(([path]) => path)).not.toContainEqual(expect.stringMatching(/^tests/));
    expect((await pstrace('render', ...options)).code).toBe(0);
    expect(pages(out)).toEqual(again);

    expect(await pstrace(archive.base, '2h', ...options)).toEqual(silent);
    expect([...pages(out).values()].join()).not.toContain('No archive has returned usable results');
  });
});

/** `time-start` of the requests that match, ascending. */
function startsOf(requests: readonly string[], pattern: RegExp): number[] {
  return requests
    .filter((request) => pattern.test(request))
    .map((request) => Number(new URL(request, 'http://x').searchParams.get('time-start')))
    .sort((a, b) => a - b);
}

/** A time that counts from the start of a command, not from `now`, when the tests began. */
const about = (seconds: number) => {
  // Requests begin at whole seconds.
  const elapsed = Math.ceil(Date.now() / 1000) - now;
  return expect.toSatisfy((value: number) => value >= seconds && value <= seconds + elapsed);
};

function summary(out: string): { traces: number } {
  const [, body] = [...pages(out)].find(([path]) => path.startsWith('data/tests/')) ?? [];
  const { routePeriods } = JSON.parse(body ?? '');
  return {
    traces: routePeriods.reduce((sum: number, each: { traces: number }) => sum + each.traces, 0),
  };
}
