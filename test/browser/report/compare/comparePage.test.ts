import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comparePage } from '../../../../src/report/compare/comparePage.ts';
import { crossView } from '../../../../src/report/compare/crossDiff.ts';
import { rttShift } from '../../../../src/report/compare/rttShift.ts';
import { runScript } from '../../../../src/report/runScript.ts';
import { testView } from '../../../../src/report/test/testView.ts';
import { testDataPages } from '../../../../src/report/testPages.ts';
import { now, run, site } from '../../../helpers/mesh.ts';
import { midnight, simulated, test } from '../../../helpers/simulatedTest.ts';
import { openSite, type SiteBrowser } from '../../../helpers/siteBrowser.ts';

const names = (hostnames: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(hostnames).map(([name, hostname]) => [name, { hostname }]));

const forward = simulated({
  routes: { A: 'gw a1 b1', B: 'gw a2 b1' },
  course: 'AAAAAAAAAABBBBBBBBBB',
  rttMs: { A: 20, B: 30 },
  responders: names({ gw: 'gw.src.example', a2: 'ae1.cr1.ams.example', b1: 'xe0.cr2.fra.example' }),
});
const back = simulated({
  routes: { A: 'b3 a4 g5' },
  course: 'A'.repeat(20),
  rttMs: { A: 25 },
  test: {
    id: '203.0.113.9_192.0.2.1_traceroute_0123456789ab',
    source: test.destination,
    destination: { ...test.source, address: '203.0.113.9' },
  },
  responders: names({ b3: 'xe7.cr2.fra.example', a4: 'ae9.cr1.ams.example', g5: 'gw.src.example' }),
});

describe('two samples of round-trip times', () => {
  it('the shift is the median of all differences, with an interval', () => {
    const left = [10, 11, 12, 13, 14, 15, 16, 17];
    expect(
      rttShift(
        left,
        left.map((value) => value + 5),
      ),
    ).toEqual({ estimate: 5, low: 2, high: 8 });
  });

  it('fewer than five traces give no shift', () => {
    expect(rttShift([1, 2, 3, 4], [1, 2, 3, 4, 5])).toBeNull();
  });
});

it('the reverse direction is read from its end, and routers match by name whatever the interface', () => {
  const view = crossView(forward, back, true);
  expect(view?.summary).toMatch(/^Same routers/);
  expect(view?.lines.map(({ fold }) => fold)).toEqual(['3 hops unchanged']);
  expect(view?.asSteps.map(({ mark }) => mark)).not.toEqual([]);
  expect(view?.rtt).toMatch(
    /^RTT 30\.0 ms vs\. 25\.0 ms: −5\.\d ms \(95% between −5.*10 and 20 traces/,
  );
});

describe('the page in a browser', () => {
  let browser: SiteBrowser;
  const page = comparePage(testView(forward), site, [forward, back]);
  beforeAll(async () => {
    const input = { analysis: forward, keys: [], retired: null, metrics: [] };
    const data = testDataPages(input, forward.lastTraceAt);
    browser = await openSite([page, ...data, runScript([run(0)], site)]);
  });
  afterAll(() => browser?.close());

  it('compares the routes and times of two times in the URL', () => {
    const [a, b] = [midnight + 1200, midnight + 9000];
    return browser.visit(`${page.path}#a=${a}&b=${b}`, now, async (tab) => {
      const effect = await tab.locator('[data-effect]').textContent();
      expect(effect).toMatch(
        /00:20 UTC → .*02:30 UTC: route A → route B, RTT \+10\.0 ms \(95% between/,
      );
      expect(await tab.locator('details[open]').getAttribute('data-variants')).toBe('A B');
    });
  });

  it('shows the last change by default; stores another choice in the URL', () =>
    browser.visit(page.path, now, async (tab) => {
      const effect = await tab.locator('[data-effect]').textContent();
      expect(effect).toMatch(/route A → route B/);
      const chosen = await tab.locator('[data-moment="b"] option:checked').textContent();
      expect(effect).toContain(` → ${chosen?.split(',')[0]}: `);
      await tab.selectOption('[data-moment="b"]', String(midnight));
      expect(await tab.locator('[data-effect]').textContent()).toMatch(/route A at both times/);
      expect(new URL(tab.url()).hash).toMatch(/^#a=\d+&b=\d+$/);
      expect(await tab.locator('details[open]').count()).toBe(0);
    }));

  it('without scripts, every comparison is readable', () =>
    browser.visit(
      page.path,
      now,
      async (tab) => {
        expect(await tab.locator('h2').allTextContents()).toEqual([
          'Forward vs. reverse AS paths differ',
          'Two points in time',
        ]);
        expect(await tab.locator('.moments').isVisible()).toBe(false);
        expect(await tab.locator('details[data-variants]').count()).toBe(1);
      },
      { javaScriptEnabled: false },
    ));
});
