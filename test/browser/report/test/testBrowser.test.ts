import type { BrowserContextOptions, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runScript } from '../../../../src/report/runScript.ts';
import { testDataPages, testPages } from '../../../../src/report/testPages.ts';
import { topologyPage } from '../../../../src/report/topology/topologyPage.ts';
import { now, run, site } from '../../../helpers/mesh.ts';
import { simulatedMesh } from '../../../helpers/simulatedMesh.ts';
import { simulated, test, testAlone } from '../../../helpers/simulatedTest.ts';
import { openSite, type SiteBrowser } from '../../../helpers/siteBrowser.ts';

const analysis = simulated({
  routes: { A: 'a1 a2 b1 c1', B: 'a1 d1 d2 d3 c1' },
  course: `${'A'.repeat(100)} ${'B'.repeat(43)} a`,
  rttMs: { A: 20, B: 38 },
  mtu: { A: 9000, B: 1500 },
  responders: { d2: { hostname: `${'very-long-name-'.repeat(16)}end` } },
});
const page = `tests/${test.id}/index.html`;
const history = `tests/${test.id}/history.html`;
let browser: SiteBrowser;

beforeAll(async () => {
  browser = await openSite([
    ...testPages(testAlone(analysis, site)),
    ...testDataPages(testAlone(analysis, site), analysis.lastTraceAt),
    topologyPage(simulatedMesh(6), site),
    runScript([run(0)], site),
  ]);
});

afterAll(() => browser?.close());

function visit(path: string, act: (tab: Tab) => Promise<void>, options?: BrowserContextOptions) {
  return browser.visit(path, now + 300, act, options);
}

function overflow(tab: Tab): Promise<number> {
  return tab.evaluate('document.documentElement.scrollWidth - window.innerWidth');
}

describe('the chart in a browser', () => {
  it('shows the trace under the pointer', () =>
    visit(page, async (tab) => {
      const readout = tab.locator('[data-readout]');
      expect(await readout.textContent()).toMatch(/^Latest: 2026-11-20 23:50 UTC, .*not reached/);
      const plot = tab.locator('.chart-plot');
      const box = await plot.boundingBox();
      await plot.hover({ position: { x: (box?.width ?? 0) / 4, y: 100 } });
      expect(await readout.textContent()).toBe(
        '2026-11-20 06:00 UTC, route A, 20.0 ms, 5 hops, MTU 9000',
      );
    }));

  it('moves from trace to trace with arrow keys', () =>
    visit(page, async (tab) => {
      await tab.focus('.chart-plot');
      for (const key of ['Home', 'ArrowRight', 'PageDown']) await tab.keyboard.press(key);
      expect(await tab.locator('[data-readout]').textContent()).toContain('2026-11-20 02:10 UTC');
    }));

  it('shows time labels in the reader’s zone', () =>
    visit(
      page,
      async (tab) => {
        const ticks = tab.locator('.chart [data-at]');
        expect((await ticks.allTextContents()).slice(0, 2)).toEqual(['20 Nov', '03:00']);
        await tab.click('[data-zone-switch]');
        expect((await ticks.allTextContents()).slice(0, 2)).toEqual(['20 Nov 05:30', '08:30']);
      },
      { timezoneId: 'Asia/Kolkata' },
    ));

  it('draws a dot for every trace with a time', () =>
    visit(page, async (tab) => {
      const box = await tab.locator('.dots.v0').boundingBox();
      expect(box?.width).toBeGreaterThan(500);
    }));
});

describe('the pages of a test', () => {
  it.each([
    [page, 1440],
    [page, 390],
    [history, 1440],
    [history, 390],
  ])('%s fits a window of %i pixels', (path, width) =>
    visit(path, async (tab) => expect(await overflow(tab)).toBeLessThanOrEqual(0), {
      viewport: { width, height: 800 },
    }),
  );

  it('can hide responders of other routes, also without scripts', () =>
    visit(
      page,
      async (tab) => {
        expect(await tab.locator('.other-route').first().isVisible()).toBe(true);
        await tab.focus('.other-routes-switch input');
        await tab.keyboard.press('Space');
        expect(await tab.locator('.other-route').first().isVisible()).toBe(false);
      },
      { javaScriptEnabled: false },
    ));

  it('on a phone, a diff is one column with common hops once', () =>
    visit(
      history,
      async (tab) => {
        const common = tab.locator('.diff-table .same').first();
        expect(await common.locator('.hop:visible').count()).toBe(1);
      },
      { viewport: { width: 390, height: 800 } },
    ));
});

describe('the topology in a browser', () => {
  const nodes = '.level:not([hidden]) .node';

  it('shows one level at a time', () =>
    visit('topology.html', async (tab) => {
      const routers = await tab.locator(nodes).count();
      await tab.click('[data-level-switch="as"]');
      expect(await tab.locator(nodes).count()).toBeLessThan(routers);
    }));

  it('a click lists the tests of a node and highlights their routes; Escape resets it', () =>
    visit('topology.html', async (tab) => {
      await tab.locator(nodes).filter({ hasText: 'out.gw0' }).click();
      const panel = tab.locator('[data-panel]');
      expect(await panel.locator('a').count()).toBe(5);
      expect(await panel.locator('a').first().getAttribute('href')).toBe(
        'tests/192.0.2.1_192.0.2.2_traceroute_0123456789ab/index.html',
      );
      expect(await tab.locator(`${nodes}.on`).count()).toBeGreaterThan(5);
      expect(await tab.locator('.graph.dimmed').count()).toBe(1);
      await tab.keyboard.press('Escape');
      expect(await panel.isVisible()).toBe(false);
      expect(await tab.locator(`${nodes}.on`).count()).toBe(0);
    }));

  it('finds nodes by name, address and AS', () =>
    visit('topology.html', async (tab) => {
      for (const [text, hits] of [
        ['core1', '5 nodes'],
        ['192.0.2.3', '2 nodes'],
        ['as65537', '4 nodes'],
      ] as const) {
        await tab.fill('[data-find]', text);
        expect(await tab.locator('[data-found]').textContent(), text).toBe(hits);
      }
    }));
});
