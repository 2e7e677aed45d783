import { describe, expect, it } from 'vitest';
import type { Run } from '../../../../src/model/run/run.ts';
import type { MatrixCell, MeshAnalysis } from '../../../../src/model/site/analysis.ts';
import { matrixPage } from '../../../../src/report/matrix/matrixPage.ts';
import { runScript } from '../../../../src/report/runScript.ts';
import { cell, end, fullMesh, mesh, now, run, site } from '../../../helpers/mesh.ts';

const [a, b, c] = [end('a', 1), end('b', 2), end('c', 3)];
const [a6, b6] = [end('a', 1, 6), end('b', 2, 6)];

function html(of: MeshAnalysis, runs: readonly Run[] = [], over = {}): string {
  return String(matrixPage(of, runs, { ...site, ...over }).body);
}

/** The grid's body rows, each as the inner HTML of its cells. */
function rows(page: string): string[][] {
  const body = /data-grid[\s\S]*?<tbody>([\s\S]*?)<\/tbody>/.exec(page)?.[1] ?? '';
  return [...body.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row = '']) =>
    [...row.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, inner = '']) => inner),
  );
}

function labels(page: string): string[] {
  return [...page.matchAll(/aria-label="(From [^"]*)"/g)].map(([, label = '']) => label);
}

describe('the grid', () => {
  it('has sources as rows and destinations as columns; diagonal and untested cells are empty', () => {
    const page = html(mesh([a, b, c], [cell(a, b), cell(b, c)]));
    expect(page.match(/<th scope="col" title=/g)).toHaveLength(3);
    expect(page.match(/<th scope="row" title=/g)).toHaveLength(3);
    const filled = rows(page).map((row) => row.map((inner) => inner !== ''));
    expect(filled).toEqual([
      [false, true, false],
      [false, false, true],
      [false, false, false],
    ]);
    expect(page.match(/<td class="self">/g)).toHaveLength(3);
  });

  it('IPv4 and IPv6 of a pair share a cell; a missing half stays empty', () => {
    const page = html(mesh([a, a6, b, b6], [cell(a, b), cell(a6, b6), cell(b6, a6)]));
    const [[, both] = [], [only] = []] = rows(page);
    expect(both?.match(/data-v="\d/g)).toEqual(['data-v="4', 'data-v="6']);
    expect(only).toMatch(/^<i><\/i><a /);
  });

  it('a pair with two addresses of one family shows both tests', () => {
    const second = { name: 'b', address: '198.51.100.2' };
    const [[, cells] = []] = rows(html(mesh([a, b, second], [cell(a, b), cell(a, second)])));
    expect(cells?.match(/<a /g)).toHaveLength(2);
  });

  it('shows a state by class, glyph and word', () => {
    const page = html(mesh([a, b], [cell(a, b, { state: 'changed' })]));
    expect(rows(page)[0]?.[1]).toMatch(/^<a class="changed" .*>≠ changed<\/a>$/);
  });

  it('column names break only after a dot', () => {
    const far = { name: 'ps-a.far-away.example', address: '203.0.113.1' };
    const near = { name: 'ps-b.near.example.net', address: '203.0.113.2' };
    const page = html(mesh([far, near], [cell(far, near)]));
    expect(page).toContain(
      '<bdi><span>ps-a.</span><span>far-away.</span><span>example</span></bdi></span></th>',
    );
  });

  it('a cell without a test has no link', () => {
    const untested: Partial<MatrixCell> = { state: 'untested', testIds: [], lastTraceAt: null };
    const [[, inner] = []] = rows(html(mesh([a, b], [cell(a, b, untested)])));
    expect(inner).toMatch(/^<span class="untested"/);
  });

  it.each([
    [12, '≠ changed', '• 12.3'],
    [13, '≠', '• 12.3'],
    [25, '≠', '• 12.3'],
    [26, '≠', '•'],
  ])('with %i columns a cell has room for %s and %s', (columns, trouble, good) => {
    const names = Array.from({ length: columns }, (_, index) => `host${index}`);
    const full = fullMesh(names, false);
    const [first, ...others] = full.cells;
    const changed = first === undefined ? [] : [{ ...first, state: 'changed' as const }];
    const cells = rows(html({ ...full, cells: [...changed, ...others] }))[0];
    expect(cells?.slice(1, 3).map((inner) => inner.replace(/<[^>]*>/g, ''))).toEqual([
      trouble,
      good,
    ]);
  });
});

describe('the label of a cell', () => {
  it('names both ends, the state, the figures and the reason', () => {
    const over: Partial<MatrixCell> = {
      state: 'changed',
      rttMs: 148,
      usualRttMs: 131,
      stateReason: 'AS path differs since 09:10 UTC.',
    };
    expect(labels(html(mesh([a, b], [cell(a, b, over)])))).toEqual([
      'From a to b: changed, 148 ms (usual 131 ms). AS path differs since 09:10 UTC.',
    ]);
  });

  it('names the family only in a mesh with both', () => {
    expect(labels(html(mesh([a, b], [cell(a, b)])))).toEqual(['From a to b: ok, 12.3 ms']);
    expect(labels(html(mesh([a, a6, b, b6], [cell(a, b), cell(a6, b6)])))).toEqual([
      'From a to b over IPv4: ok, 12.3 ms',
      'From a to b over IPv6: ok, 12.3 ms',
    ]);
  });

  it('does not claim figures that are unknown', () => {
    const over: Partial<MatrixCell> = { state: 'filtered', rttMs: null, stateReason: 'Never.' };
    expect(labels(html(mesh([a, b], [cell(a, b, over)])))).toEqual([
      'From a to b: filtered. Never.',
    ]);
  });
});

describe('the headline', () => {
  const affected = mesh(
    [a, b, c],
    [
      cell(a, b, { state: 'unreached' }),
      cell(a, c, { state: 'changed' }),
      cell(b, a, { state: 'stale' }),
      cell(b, c, { state: 'filtered' }),
    ],
  );

  it('counts problems, and separately pairs without a result', () => {
    const page = html(affected);
    expect(page).toContain('<h1>2 of 4 pairs affected</h1>');
    expect(page).toContain('1 unreached, 1 changed. No current result: 1 stale.');
    expect(page).toContain('<title>2 of 4 pairs affected – Example mesh</title>');
  });

  it('shows the time of the newest data in UTC and its age', () => {
    expect(html(affected)).toContain(
      '<time datetime="2026-11-20T12:40:00Z">2026-11-20 12:40 UTC</time>, <span data-age="2026-11-20T12:40:00Z">4 minutes old</span>',
    );
  });

  it.each([
    ['no problems', mesh([a, b], [cell(a, b)]), 'No problems on 1 pair'],
    [
      'stale pairs are never called good',
      mesh([a, b], [cell(a, b), cell(b, a, { state: 'stale' })]),
      'No problems on 1 pair',
    ],
    [
      'no current result',
      mesh([a, b], [cell(a, b, { state: 'failed' })]),
      'No current result for 1 pair',
    ],
    ['no test has data', mesh([], []), 'No test results yet'],
    [
      'families count apart',
      mesh([a, a6, b, b6], [cell(a, b), cell(a6, b6, { state: 'degraded' })]),
      '1 of 2 pairs affected',
    ],
  ])('%s', (_, of, text) => {
    expect(html(of)).toContain(`<h1>${text}</h1>`);
  });

  it('over outdated data claims no present state', () => {
    const stale = { since: site.window.to, message: 'No archive answers.' };
    const page = String(matrixPage(mesh([a, b], [cell(a, b)]), [], { ...site, stale }).body);
    expect(page).toMatch(/<h1>State unknown since 20[\d-]+ [\d:]+ UTC<\/h1>/);
    expect(page).toContain('Before: No problems on 1 pair.');
  });

  it('of a view of the past names its moment, without a mark of age', () => {
    const view = { ...site, viewOf: site.window.to };
    const page = String(matrixPage(mesh([a, b], [cell(a, b)]), [], view).body);
    expect(page).toMatch(/<strong>View of <time datetime="20[\d-]+T[\d:]+Z">/);
    expect(String(runScript([], view).body)).toContain('"isView":true');
    expect(String(runScript([], site).body)).not.toContain('isView');
  });
});

describe('the rest of the page', () => {
  it('shows only problems of the newest run', () => {
    const problem = {
      kind: 'unreachable',
      subject: 'ma.example.net',
      message: 'No answer within 30 s.',
      remedy: null,
    } as const;
    const of = mesh([a, b], [cell(a, b)]);
    expect(html(of, [run(0, { problems: [problem] }), run(15)])).toContain(
      'No answer within 30 s.',
    );
    expect(html(of, [run(0), run(15, { problems: [problem] })])).not.toContain('No answer');
  });

  it('a site without new data shows a banner', () => {
    const stale = { since: now - 7200, message: 'No archive answered.' };
    expect(html(mesh([a, b], [cell(a, b)]), [], { stale })).toContain(
      '<strong>Old data.</strong> No archive answered. The pages show the data from <time datetime="2026-11-20T10:44:00Z">',
    );
  });

  it('lists the worst first, and at most 400 without scripts', () => {
    const full = fullMesh(
      Array.from({ length: 21 }, (_, index) => `host${index}`),
      false,
    );
    const cells = full.cells.map((one, index) =>
      index === 419 ? { ...one, state: 'unreached' as const } : one,
    );
    const page = html({ ...full, cells });
    const list = page.slice(page.indexOf('data-list>'));
    expect(list.match(/<tr><td>/g)).toHaveLength(400);
    expect(list.match(/class="state \w+/g)?.slice(0, 2)).toEqual([
      'class="state unreached',
      'class="state ok',
    ]);
    expect(page).toContain('The worst 400 of 420.');
  });

  it('escapes hostile names and reasons', () => {
    const evil = '"><script>alert(1)</script>';
    const of = mesh(
      [end(evil, 1), b],
      [cell(end(evil, 1), b, { state: 'failed', stateReason: evil })],
    );
    const page = html(of, [
      run(0, {
        problems: [{ kind: 'unreachable', subject: evil, message: evil, remedy: evil }],
      }),
    ]);
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('a 50 x 50 mesh with both families stays below 1.5 MB', () => {
    const names = Array.from({ length: 50 }, (_, index) => `perfsonar${index}.site.example.net`);
    expect(Buffer.byteLength(html(fullMesh(names, true)))).toBeLessThan(1_500_000);
  });
});
