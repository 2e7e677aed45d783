import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { State, TestSummary } from '../../../../src/model/site/analysis.ts';
import { writeLatestTests } from '../../../../src/pipeline/notify/latestTests.ts';
import { openStore } from '../../../../src/store/open.ts';
import { changeOf, incidentOf, testOf } from '../../../helpers/notify/samples.ts';
import { tempDir } from '../../../helpers/tempDir.ts';
import { place, pstrace, start } from '../../cli/command.ts';
import { meshTest, now, serve } from '../mesh.ts';

const tests = [testOf('a', 'b'), testOf('a', 'c')] as const;

function summaryOf(test: (typeof tests)[number], parts: Partial<TestSummary> = {}): TestSummary {
  return {
    test,
    state: 'ok',
    stateSince: null,
    stateReason: 'as usual',
    rttMs: 14.123456,
    usualRttMs: 13,
    usualFrom: null,
    usualTo: null,
    lossPct: 0,
    hops: 9,
    pathMtu: null,
    asPath: [],
    reached: true,
    lastTraceAt: now - 60,
    lastRouteChangeAt: null,
    variants: 1,
    traces: 144,
    route: [],
    ...parts,
  };
}

/** A state as a run left it that ended at `writtenAt`, with a change of the first test that lasts. */
function withIncident(
  settings = '',
  writtenAt = now,
  seenAs: State = 'changed',
): readonly string[] {
  const { state, options } = place(settings);
  const store = openStore(state, now);
  const listed = tests.map(({ intervalSeconds: _, ...each }) => ({ ...each, eventTypes: [] }));
  store.upsertTests(listed, now);
  const change = changeOf(tests[0], now - 600);
  const incident = incidentOf([change], { severity: 'major' });
  store.changes.add({ change, incidentId: incident.id, closedAt: null, accepted: false });
  store.incidents.put({ incident, engine: {} });
  store.close();
  writeLatestTests(state, [summaryOf(tests[0], { state: seenAs }), summaryOf(tests[1])], writtenAt);
  return options.slice(2);
}

describe('pstrace check', () => {
  test('shows the state of the mesh after a run, and one test with its figures', async () => {
    const here = place();
    const { base } = await serve([meshTest(1), meshTest(2)]);
    await pstrace(base, '24h', ...here.options);
    const options = here.options.slice(2);
    expect(await pstrace('check', ...options)).toEqual({
      code: 0,
      stdout: expect.stringMatching(
        /^PSTRACE OK - 2 tests OK \| problems=0;;;0 tests=2;;;0 .* ok=2;;;0 /,
      ),
      stderr: '',
    });
    const one = await pstrace('check', 'ps-1.example.net', '203.0.113.9', ...options);
    expect(one.code).toBe(0);
    expect(one.stdout).toMatch(
      /^PSTRACE OK - 1 test OK \| problems=0;;;0 rtt=[\d.]+ms;;;0 loss=0%;;;0;100 hops=3;;;0\n$/,
    );
  });

  test('shows a change as open again when its acceptance was undone after the run', async () => {
    const { code, stdout } = await pstrace('check', ...withIncident('', now, 'accepted'));
    expect(code).toBe(2);
    expect(stdout).toMatch(/a\S* → b\S* .*changed: AS path changed/);
    expect(stdout).toContain(' accepted=0;');
  });

  test('is critical while a major incident lasts, for its tests alone', async () => {
    const options = withIncident();
    const all = await pstrace('check', ...options);
    expect(all.code).toBe(2);
    expect(all.stdout).toMatch(
      /^PSTRACE CRITICAL - major: AS path changed, 1 test, .* and 1 more \| problems=2;;;0 tests=2/,
    );
    expect((await pstrace('check', 'a-b', ...options)).code).toBe(2);
    expect((await pstrace('check', 'a.example.net', 'c.*', ...options)).code).toBe(0);
  });

  test.each([
    ['the test', ['--test', 'a.* > b.*']],
    ['the class of its change', ['--class', 'inter_as']],
  ])('is OK while a silence covers %s', async (_, about) => {
    const options = withIncident();
    await pstrace('silence', 'add', ...about, '--for', '1h', '--reason', 'works', ...options);
    expect((await pstrace('check', ...options)).code).toBe(0);
  });

  test('is OK during maintenance', async () => {
    const options = withIncident(
      '[[maintenance]]\nreason = "works"\nweekly = "daily 00:00-24:00"\ngroups = "ab"\n[[group]]\nname = "ab"\ntests = "a-b"\n',
    );
    expect((await pstrace('check', ...options)).code).toBe(0);
  });

  test.each([
    ['no run has ended', 'no run has finished yet', []],
    ['no test fits', 'no matching test', ['nowhere.example.net']],
    ['the pattern is none', 'is not a test pattern', ['a > b > c']],
  ])('is UNKNOWN, exit 3, when %s', async (_, expected, operands) => {
    const options = operands.length === 0 ? place('').options.slice(2) : withIncident();
    const { code, stdout, stderr } = await pstrace('check', ...operands, ...options);
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
    expect(stdout).toMatch(/^PSTRACE UNKNOWN - /);
    expect(stdout).toContain(expected);
  });

  test('is UNKNOWN when the last run is older than allowed, and when the configuration is wrong', async () => {
    const old = withIncident('', now - 3 * 3600);
    expect((await pstrace('check', ...old)).stdout).toMatch(/UNKNOWN - the last run finished 3 h/);
    expect((await pstrace('check', '--max-age', '4h', ...old)).code).toBe(2);
    const wrong = await pstrace('check', ...place('periot = 3').options.slice(2));
    expect(wrong.code).toBe(3);
    expect(wrong.stdout).toMatch(/^PSTRACE UNKNOWN - .*pstrace\.toml:1: unknown key periot/);
  });

  test('a file of another version counts as no run', async () => {
    const { state, options } = place('');
    mkdirSync(state);
    writeFileSync(join(state, 'latest.json'), '{"version": 2}');
    const { code, stdout } = await pstrace('check', ...options.slice(2));
    expect({ code, stdout }).toEqual({
      code: 3,
      stdout: 'PSTRACE UNKNOWN - no run has finished yet\n',
    });
  });
});

describe('the textfile for Prometheus', () => {
  test('is written after each run, readable for others and in one step, with real names', async () => {
    const folder = tempDir();
    const file = join(folder, 'pstrace.prom');
    const here = place(`[prometheus]\nfile = "${file}"\n[publish]\nmask = ["192.0.2.0/24"]\n`);
    const { base } = await serve([meshTest(1)]);
    expect((await pstrace(base, '24h', ...here.options)).stderr).toBe('');
    expect(readdirSync(folder)).toEqual(['pstrace.prom']);
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(
      /^pstrace_reached\{source="ps-1\.example\.net",.*test="192\.0\.2\.1_.*"\} 1$/m,
    );
    expect(text).toMatch(/^pstrace_route_changes_total\{.*\} 0$/m);
  });

  test('that cannot be written is reported, the pages exist, exit 75', async () => {
    const here = place('[prometheus]\nfile = "/no/such/folder/pstrace.prom"\n');
    const { base } = await serve([meshTest(1)]);
    const { code, stderr } = await pstrace(base, '24h', ...here.options);
    expect(code).toBe(75);
    expect(stderr).toContain('cannot write the monitoring file');
    expect(readdirSync(here.out)).toContain('index.html');
  });

  test('a look at the past changes neither', async () => {
    const file = join(tempDir(), 'pstrace.prom');
    const here = place(`[prometheus]\nfile = "${file}"\n`);
    const { base } = await serve([meshTest(1)]);
    await pstrace('--until', String(now - 60), base, '24h', ...here.options);
    expect(() => readFileSync(file)).toThrow('ENOENT');
    expect((await pstrace('check', ...here.options.slice(2))).code).toBe(3);
  });
});

test('wrong usage is UNKNOWN on standard output', async () => {
  for (const words of [['--bogus'], ['-w', 'x'], ['--class', 'none'], ['--severity', 'huge']]) {
    const { code, stdout, stderr } = await pstrace('check', ...words);
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
    expect(stdout).toMatch(/^PSTRACE UNKNOWN - [^|\n]+\n$/);
  }
  const { code, stdout } = await pstrace('check', '-V');
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^pstrace \d/) });
});

test('a check that takes longer than its limit is UNKNOWN', async () => {
  const here = place();
  const options = here.options.slice(2);
  const inTime = await start(['check', '--timeout=30', ...options]).ended;
  expect(inTime).toMatchObject({ code: 3, stdout: expect.stringMatching(/no run/) });
  // Reading a pipe that has no writer blocks, as a disk that hangs does.
  mkdirSync(here.state, { recursive: true });
  execFileSync('mkfifo', [join(here.state, 'latest.json')]);
  const late = await start(['check', '-vt', '1', ...options]).ended;
  expect(late).toMatchObject({ code: 3, stdout: 'PSTRACE UNKNOWN - no result within 1 s\n' });
});
