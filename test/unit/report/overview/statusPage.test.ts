import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { LocalSource } from '../../../../src/model/run/localSource.ts';
import type { Run } from '../../../../src/model/run/run.ts';
import { statusJson } from '../../../../src/report/overview/statusJson.ts';
import { statusPage } from '../../../../src/report/overview/statusPage.ts';
import { runScript } from '../../../../src/report/runScript.ts';
import { now, run, site } from '../../../helpers/mesh.ts';

const problem = {
  kind: 'invalid-response',
  subject: 'ma.example.net',
  message: 'The answer is not JSON.',
  remedy: 'Check the address of the archive.',
} as const;

const nothingElse = { messages: null, local: [] };

const local: LocalSource = {
  source: 'probe.example.org',
  tool: 'mtr',
  tests: 25,
  traces: 3450,
  failures: 41,
  newestAt: now - 300,
  failing: Array.from({ length: 22 }, (_, index) => ({
    testId: `t${index}`,
    destination: `d${index}.example.net`,
    at: now - 300,
    error: 'mtr is <not> installed',
  })),
};

function html(runs: readonly Run[]): string {
  return String(statusPage(runs, site, nothingElse).body);
}

describe('the status page', () => {
  it.each([
    [run(0), 'Last run: ok'],
    [run(0, { outcome: 'partial', problems: [problem] }), 'Last run: partial, 1 problem'],
    [
      run(0, { outcome: 'failed', problems: [problem, problem] }),
      'Last run: failed: no usable results, 2 problems',
    ],
    [run(0, { outcome: null, finishedAt: null }), 'Last run: not finished'],
  ])('says in its title how the last run ended', (newest, title) => {
    const page = html([newest, run(15)]);
    expect(page).toContain(`<title>${title} – Example mesh</title>`);
    expect(page).toContain(`<h1>${title}</h1>`);
  });

  it('shows problems in full, with their remedies', () => {
    const page = html([run(0, { outcome: 'partial', problems: [problem] })]);
    expect(page).toContain('invalid response');
    expect(page).toContain('The answer is not JSON.');
    expect(page).toContain('Check the address of the archive.');
  });

  it('shows the results of each archive', () => {
    const page = html([run(0)]);
    expect(page).toContain('title="https://ma.example.net"');
    for (const figure of ['112', '3,340', '224', '231', '1.8 MB', '21 s']) {
      expect(page).toContain(`<td class="num">${figure}</td>`);
    }
  });

  it('has a row for each run; a killed run has no duration', () => {
    const page = html([run(0), run(15, { outcome: null, finishedAt: null })]);
    const runs = page.slice(page.indexOf('id="runs"'));
    expect(runs.match(/<th scope="row">/g)).toHaveLength(2);
    expect(runs).toContain('not finished</span></td><td class="num">–</td>');
  });

  it('claims success only for queried archives', () => {
    expect(html([run(0)])).toContain('None. All archive requests succeeded.');
    expect(html([run(0, { archives: [] })])).toContain('<p class="muted">None.</p>');
  });

  it('shows results without an archive, and their failures', () => {
    const page = String(statusPage([run(0)], site, { ...nothingElse, local: [local] }).body);
    expect(page).toMatch(/probe\.example\.org<\/bdi><\/th><td>mtr<\/td><td class="num">25</);
    expect(page).toContain('<td class="num">3,450</td><td class="num">41</td>');
    expect(page).toContain('probe.example.org → d0.example.net');
    expect(page).toContain('mtr is &lt;not&gt; installed');
    expect(page.match(/→ d\d+\.example\.net/g)).toHaveLength(20);
    expect(page).toContain('2 more are in ');
    expect(html([run(0)])).not.toContain('without an archive');
  });

  it('says that no run is recorded', () => {
    expect(html([])).toContain('No runs recorded yet.');
  });

  it('escapes hostile problem texts', () => {
    const evil = '<img src=x onerror=alert(1)>';
    const page = html([run(0, { problems: [{ ...problem, subject: evil, message: evil }] })]);
    expect(page).not.toContain('<img');
  });
});

describe('data/status.json', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../../../schemas/status.schema.json', import.meta.url), 'utf8'),
  );
  const ajv = new Ajv2020({ allErrors: true });
  const valid = ajv.compile(schema);

  it.each([
    ['good runs', [run(0), run(15)], site],
    ['a killed run', [run(0, { outcome: null, finishedAt: null })], site],
    ['partial', [run(0, { outcome: 'partial', problems: [problem] })], site],
    ['no run', [], site],
    ['a stale site', [run(0)], { ...site, stale: { since: now - 7200, message: 'Nothing.' } }],
  ])('agrees with the published schema: %s', (_, runs, context) => {
    const json = JSON.parse(String(statusJson(runs, context, [local]).body));
    expect(valid(json), ajv.errorsText(valid.errors)).toBe(true);
    expect(json.runs).toHaveLength(runs.length);
  });

  it('the schema rejects an unknown outcome', () => {
    const json = JSON.parse(String(statusJson([run(0)], site, []).body));
    expect(valid({ ...json, runs: [{ ...json.runs[0], outcome: 'fine' }] })).toBe(false);
  });
});

describe('assets/run.js', () => {
  function written(runs: readonly Run[]) {
    return JSON.parse(
      String(runScript(runs, site).body).replace(/^window\.pstraceRun = (.*);\n$/, '$1'),
    );
  }

  it('contains the median interval of the runs, so one missed run does not matter', () => {
    expect(written([run(0), run(15), run(30), run(600), run(615)])).toEqual({
      generatedAtIso: '2026-11-20T12:44:00Z',
      intervalSeconds: 900,
    });
  });

  it('ignores intervals of seconds between manual runs', () => {
    expect(written([run(0), run(0.2)]).intervalSeconds).toBe(600);
    expect(written([run(0.2), run(0)]).intervalSeconds).toBe(600);
  });

  it('uses the length of the window as the interval after a single run', () => {
    expect(written([run(0)]).intervalSeconds).toBe(86400);
  });
});

it.each([
  [{ sent: 1300, waiting: 0, givenUp: 0 }, '1,300 sent within 24 h'],
  [
    { sent: 0, waiting: 2, givenUp: 1 },
    '0 sent within 24 h, 2 waiting when this page was generated, 1 abandoned',
  ],
])('shows the deliveries of the last day', (messages, text) => {
  expect(String(statusPage([run(0)], site, { ...nothingElse, messages }).body)).toContain(
    `<dd>${text}</dd>`,
  );
  expect(html([run(0)])).not.toContain('within 24 h');
});
