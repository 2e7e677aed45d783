import { describe, expect, it } from 'vitest';
import { summarizeTest } from '../../../../src/analysis/window/summarizeTest.ts';
import type { MetricSeries } from '../../../../src/model/metric/metric.ts';
import type { TestAnalysis, TestSummary } from '../../../../src/model/site/analysis.ts';
import type { SiteContext } from '../../../../src/report/page.ts';
import { testDataPages, testPages } from '../../../../src/report/testPages.ts';
import { site } from '../../../helpers/mesh.ts';
import {
  type Course,
  midnight,
  simulated,
  test,
  testAlone,
} from '../../../helpers/simulatedTest.ts';

const routes = { A: 'a1 b1 c1', B: 'a1 d1 d2 c1' };

function html(
  course: Partial<Course>,
  related: (own: TestAnalysis) => readonly TestSummary[] = () => [],
): string {
  const analysis = simulated({ routes, course: 'AAA', ...course });
  return String(testPages({ ...testAlone(analysis, site), related: related(analysis) })[0]?.body);
}

function routeSummaryOf(course: Partial<Course>): string {
  const [, text = ''] = /<p class="route-summary"[^>]*>(.*?)<\/p>/.exec(html(course)) ?? [];
  return text.replaceAll(/<[^>]*>/g, '');
}

/** Random but repeatable: which of the letters comes next. */
function shuffled(length: number, letters: string): string {
  let seed = 7;
  return Array.from({ length }, () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return letters[(seed >> 8) % letters.length];
  }).join('');
}

describe('the route summary', () => {
  it('shows the effect of a route change', () => {
    const course = `${'A'.repeat(60)} BBBBBB`;
    const text = routeSummaryOf({ course, rttMs: { A: 20, B: 38 }, mtu: { A: 9000, B: 1500 } });
    expect(text).toBe(
      'Route B since 10:00 UTC (AS change): +18.0 ms vs. usual, 1 more hop, MTU 1500 instead of 9000, reached.',
    );
  });

  it('shows the date of a change on an earlier day', () => {
    const course = `${'A'.repeat(200)} ${'B'.repeat(100)} ..........`;
    expect(routeSummaryOf({ course })).toContain('Route B since 2026-11-21 09:20 UTC');
    expect(routeSummaryOf({ course: `${'A'.repeat(100)} ${'B'.repeat(99)}` })).toContain(
      'Route B since 2026-11-20 16:40 UTC',
    );
  });

  it('shows the figures of a stable test', () => {
    expect(routeSummaryOf({ course: 'A'.repeat(7), mtu: { A: 9000 } })).toBe(
      'Route A throughout (7 traces, 1 h): 20.0 ms (usual 20.0 ms), 4 hops, MTU 9000, reached.',
    );
  });

  it('names the last reply in an outage', () => {
    expect(routeSummaryOf({ course: 'AAAAAAAAAAAA aaa' })).toBe(
      'Destination not reached since 02:00 UTC: last reply from hop 2 of 4 (b1.example.net), route A.',
    );
  });

  it('says that a destination never replied', () => {
    expect(routeSummaryOf({ course: 'a'.repeat(20) })).toContain(
      'Destination never reached (20 traces)',
    );
  });

  it('names alternating routes', () => {
    expect(routeSummaryOf({ course: `${'A'.repeat(40)} BBAABBAABBAA` })).toContain(
      'Routes A and B alternate since 06:40 UTC',
    );
  });
});

it('the same analysis gives the same bytes at any run', () => {
  const analysis = simulated({ routes, course: 'AAAABBBB' });
  const later: SiteContext = {
    ...site,
    generatedAt: site.generatedAt + 9000,
    window: { from: site.window.from + 9000, to: site.window.to + 9000 },
  };
  expect(testPages(testAlone(analysis, later))).toEqual(testPages(testAlone(analysis, site)));
});

it('the page of a test without traces says so', () => {
  const body = html({ course: '...' });
  expect(body).toContain('No traces of this test in the window.');
  expect(body).not.toContain('<figure');
});

it('two weeks of flapping routes stay far below 1.5 MB', () => {
  const course = shuffled(2016, 'AABC');
  const names = Array.from({ length: 12 }, (_, index) => `b${index}`).join(' ');
  const many = { A: `a1 ${names} c1`, B: `a1 d1 ${names} c1`, C: `a1 e1 e2 ${names} c1` };
  const sizes = testPages(testAlone(simulated({ routes: many, course }), site)).map(
    ({ body }) => String(body).length,
  );
  expect(Math.max(...sizes.slice(0, 2))).toBeLessThan(300_000);
});

it('failed runs with the same error are one line with the newest time', () => {
  const at = (minutes: number) => midnight + minutes * 60;
  const failures = [
    { at: at(5), error: 'the run did not finish in time' },
    { at: at(15), error: 'there is no route to the destination' },
    { at: at(25), error: 'the run did not finish in time' },
  ] as const;
  const body = html({ failures });
  const [, notice = ''] = /<div class="notice">([\s\S]*?)<\/div>/.exec(body) ?? [];
  expect(
    notice
      .replaceAll(/<[^>]*>/g, '')
      .split('\n')
      .filter(Boolean),
  ).toEqual([
    'The archive reports 3 failed runs in this window.',
    '2026-11-20 00:25 UTC the run did not finish in time (2 times)',
    '2026-11-20 00:15 UTC there is no route to the destination',
  ]);
});

describe('hostile text', () => {
  const evil = `"><img src=x onerror=alert(1)><script>alert(1)</script>'&${'x'.repeat(200)}`;
  const analysis = simulated({
    routes,
    course: 'AAAAAAAA BBBB',
    test: {
      source: { address: null, name: evil },
      destination: { address: '203.0.113.9', name: evil },
      archive: evil,
      key: '../../"><b>',
      tool: evil,
      taskName: evil,
      parameters: { [evil]: evil },
    },
    responders: {
      a1: { hostname: evil, asName: evil },
      d1: { hostname: evil, asName: evil },
      b1: { hostname: evil, asName: evil },
    },
  });
  const input = testAlone(analysis, site);
  const pages = [...testPages(input), ...testDataPages(input, null)];

  it.each(['index.html', 'history.html'])('is only text on %s', (name) => {
    const body = String(pages.find(({ path }) => path.endsWith(name))?.body);
    expect(body).toContain('&lt;script&gt;');
    expect(body).not.toMatch(/<img|<b>/);
    expect(body.match(/<script[^>]*>/g)?.every((tag) => / src="/.test(tag))).toBe(true);
    expect(body).not.toMatch(/="[^"]*(?:<|"&gt;)/);
  });

  it('never becomes part of a path', () => {
    expect(pages.map(({ path }) => path)).toEqual([
      `tests/${test.id}/index.html`,
      `tests/${test.id}/history.html`,
      `tests/${test.id}/compare.html`,
      `tests/${test.id}/latest.js`,
      `data/tests/${test.id}.json`,
    ]);
  });

  it('an archive with an invalid host has no link', () => {
    expect(String(pages[0]?.body)).not.toContain('At its archive');
  });
});

it('links to the test in its archive with the right scheme and an encoded key', () => {
  const analysis = simulated({ routes, course: 'AAA', test: { key: 'a/b&c' } });
  const path = 'ma.example.net/esmond/perfsonar/archive';
  const linkAt = (scheme: string) =>
    `href="${scheme}://${path}/?metadata-key=a%2Fb%26c" rel="noopener noreferrer"`;
  const body = (at: SiteContext) => String(testPages(testAlone(analysis, at))[0]?.body);
  expect(body(site)).toContain(linkAt('https'));
  expect(body({ ...site, httpArchives: new Set([path]) })).toContain(linkAt('http'));
  expect(html({ test: { archive: 'local' } })).not.toContain('At its archive');
});

it('tabs link to the other direction and family and mark the current page', () => {
  const body = html({}, (own) => {
    const summary = summarizeTest(own);
    const { source, destination } = summary.test;
    const tests = [
      { ...summary.test, id: 'back', source: destination, destination: source },
      { ...summary.test, id: 'six', family: 6 as const },
      { ...summary.test, id: 'path', tool: 'tracepath' },
    ];
    return [summary, ...tests.map((one) => ({ ...summary, test: one }))];
  });
  const tabs = [...body.matchAll(/<a href="([^"]*)"( aria-current="page")?><span class="state/g)];
  expect(tabs.map(([, href, current]) => [href, current !== undefined])).toEqual([
    ['../path/index.html', false],
    [`../${test.id}/index.html`, true],
    ['../six/index.html', false],
    ['../back/index.html', false],
  ]);
  expect(body).toContain('forward IPv4 tracepath');
});

it('a pair with one test has no tabs', () => {
  const body = html({}, (own) => [summarizeTest(own)]);
  expect(body).not.toContain('forward IPv4');
});

it('the raw trace has mtr’s wide format, with silent hops as ???', () => {
  const body = html({ routes: { A: 'a1 * b1/b2' } });
  const [, raw = ''] = /<pre[^>]*>([\s\S]*?)<\/pre>/.exec(body) ?? [];
  expect(raw.split('\n').map((line) => line.trimEnd())).toEqual([
    'Start: 2026-11-20T00:20:00Z  traceroute, archive ma.example.net/esmond/perfsonar/archive',
    expect.stringMatching(/^HOST: src\.example\.net -&gt; dst\.example\.net +Loss% +Snt +Last$/),
    expect.stringMatching(
      /^ {2}1\. AS64496 +a1\.example\.net \(198\.51\.100\.\d+\) +0\.0% +1 +5\.\d$/,
    ),
    expect.stringMatching(/^ {2}2\. AS\?\?\? +\?\?\? +100\.0% +1 +-$/),
    expect.stringMatching(/^ {2}3\. AS64497 +b1\.example\.net .* +0\.0% +1 +15\.\d$/),
    expect.stringMatching(/^ {5}AS64497 +b2\.example\.net .* +0\.0% +1 +15\.\d$/),
    expect.stringMatching(/^ {2}4\. AS64510 +dst\.example\.net .* +0\.0% +1 +20\.\d$/),
  ]);
});

it('the chart has a table of its figures, hourly if there are many', () => {
  const body = html({ course: `${'A'.repeat(139)}aBBBB` });
  const [, table = ''] = /<details class="chart-table">([\s\S]*?)<\/details>/.exec(body) ?? [];
  const rows = table.split('<tr>').slice(2);
  expect(rows).toHaveLength(24);
  expect(
    rows
      .at(-1)
      ?.replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  ).toMatch(/^2026-11-20 23:00 6 1 20\.0 .* A B/);
});

describe('the metrics of the pair', () => {
  const of = { archive: 'a', key: 'k', source: '192.0.2.1', destination: '192.0.2.2' };
  const dayOf = (day: number) => ({
    day,
    runs: 1440,
    failed: 2,
    median: 12.01,
    low: 11.9,
    high: 9.41e9,
    loss: 0.0016,
  });
  const bodyWith = (metrics: readonly MetricSeries[]) =>
    String(
      testPages({ ...testAlone(simulated({ routes, course: 'AAA' }), site), metrics })[0]?.body,
    );
  const latency = { ...of, type: 'latencybg' as const, taskName: null };

  it('are a table of days, the newest first', () => {
    const body = bodyWith([{ ...latency, days: [dayOf(20_604), dayOf(20_605)] }]);
    expect(body.indexOf('2026-06-01')).toBeLessThan(body.indexOf('2026-05-31'));
    expect(body).toContain('<td class="num">12.0</td>');
    expect(body).toContain('<td class="num">0.2%</td>');
    expect(body).toContain('95th percentile');
  });

  it('of a throughput show the low end with its unit', () => {
    const days = [{ ...dayOf(20_604), median: 9.41e9, low: 5.5e8 }];
    const body = bodyWith([{ ...latency, type: 'throughput', days }]);
    expect(body).toContain('9.41 Gbit/s');
    expect(body).toContain('550 Mbit/s');
    expect(body).toContain('5th percentile');
  });

  it('are four tables at most, and 14 days of each', () => {
    const days = Array.from({ length: 30 }, (_, number) => dayOf(20_600 + number));
    const body = bodyWith(Array.from({ length: 6 }, () => ({ ...latency, days })));
    expect(body.match(/id="metrics-\d"/g)).toHaveLength(4);
    expect(body.match(/<time datetime="\d{4}-\d\d-\d\d">/g)).toHaveLength(4 * 14);
    expect(body).toContain('2 more are in the');
  });

  it('are no section without any', () => {
    expect(bodyWith([])).not.toContain('metrics-title');
  });

  it('have task names that are only text', () => {
    const days = [dayOf(20_604)];
    const body = bodyWith([{ ...latency, taskName: '<img src=x>', days }]);
    expect(body).toContain('&lt;img src=x&gt;');
    expect(body).not.toContain('<img');
  });
});
