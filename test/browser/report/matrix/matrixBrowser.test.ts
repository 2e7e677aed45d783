import type { BrowserContextOptions, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MatrixCell } from '../../../../src/model/site/analysis.ts';
import { matrixPage } from '../../../../src/report/matrix/matrixPage.ts';
import { statusPage } from '../../../../src/report/overview/statusPage.ts';
import { runScript } from '../../../../src/report/runScript.ts';
import { fullMesh, now, run, site } from '../../../helpers/mesh.ts';
import { openSite, type SiteBrowser } from '../../../helpers/siteBrowser.ts';

/** Four hosts, both families; ams has problems in two directions. */
function pages() {
  const names = ['ams', 'fra', 'gva', 'lon'].map((name) => `${name}.example.net`);
  const of = fullMesh(names, true);
  const trouble = new Map<string, Partial<MatrixCell>>([
    ['192.0.2.1 192.0.2.2', { state: 'changed', rttMs: 99.5, stateReason: 'Route B since 09:10.' }],
    ['2001:db8::3 2001:db8::1', { state: 'unreached', rttMs: null, stateReason: 'No answer.' }],
  ]);
  const cells = of.cells.map((one) => ({
    ...one,
    ...trouble.get(`${one.source} ${one.destination}`),
  }));
  return [
    matrixPage({ ...of, cells }, [run(0)], site),
    statusPage([run(0)], site, { messages: null, local: [] }),
    runScript([run(0)], site),
    {
      path: 'tests/192.0.2.1_192.0.2.2_traceroute_0123456789ab/index.html',
      body: '<!doctype html><title>a test</title><link rel="icon" href="data:,">',
    },
  ];
}

let browser: SiteBrowser;

beforeAll(async () => {
  browser = await openSite(pages());
});

afterAll(() => browser?.close());

function visit(path: string, act: (tab: Tab) => Promise<void>, options?: BrowserContextOptions) {
  return browser.visit(path, now + 300, act, options);
}

/** Labels of the visible cells. */
function visibleCells(page: Tab): Promise<string[]> {
  return page
    .locator('[data-grid] [data-v]:visible')
    .evaluateAll((cells) => cells.map((cell) => String(cell.getAttribute('aria-label'))));
}

function listed(page: Tab, column: number): Promise<string[]> {
  return page.locator(`[data-list] tbody td:nth-child(${column})`).allTextContents();
}

describe('the matrix in a browser', () => {
  it('arrow keys move over cells and skip empty ones; there is one tab stop', () =>
    visit('index.html', async (page) => {
      expect(await page.locator('[data-grid] [tabindex="0"]').count()).toBe(1);
      await page.focus('[data-grid] [tabindex="0"]');
      const walked: string[] = [];
      for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowUp', 'Home', 'End']) {
        await page.keyboard.press(key);
        const label = await page.locator(':focus').getAttribute('aria-label');
        walked.push(String(label).replace(/:.*/, ''));
      }
      expect(walked).toEqual([
        'From ams to fra over IPv6',
        'From gva to fra over IPv4',
        'From gva to lon over IPv4',
        'From fra to lon over IPv6',
        'From fra to ams over IPv6',
        'From fra to lon over IPv6',
      ]);
    }));

  it('Enter opens the test of the focused cell', () =>
    visit('index.html', async (page) => {
      await page.focus('[data-grid] a.changed');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/tests/192.0.2.1_192.0.2.2_traceroute_0123456789ab/index.html');
      expect(await page.title()).toBe('a test');
    }));

  it('stores metric, filters and sorting in the hash and restores them', () =>
    visit('index.html', async (page) => {
      await page.selectOption('[data-control="metric"]', 'rtt');
      await page.selectOption('[data-control="family"]', '4');
      await page.fill('[data-control="text"]', 'fra');
      await page.click('[data-sort="rtt"] button');
      await page.click('[data-sort="rtt"] button');
      const hash = new URL(page.url()).hash;
      expect(hash).toBe('#metric=rtt&family=4&text=fra&sort=-rtt');
      await page.reload();
      expect(await page.locator('[data-grid] [data-v]:visible').allTextContents()).toContain(
        '99.5',
      );
      const visible = await visibleCells(page);
      expect(visible).toHaveLength(6);
      expect(visible.every((label) => /fra.* over IPv4/.test(label))).toBe(true);
      expect((await listed(page, 5))[0]).toBe('99.5');
      expect(new Set(await listed(page, 4))).toEqual(new Set(['IPv4']));
      expect(await page.locator('[data-grid] tbody tr:visible').count()).toBe(4);
    }));

  it('the legend counts states and filters by those clicked', () =>
    visit('index.html', async (page) => {
      expect(await page.locator('[data-legend] button').allInnerTexts()).toEqual([
        expect.stringMatching(/unreached\s*1$/),
        expect.stringMatching(/changed\s*1$/),
        expect.stringMatching(/ok\s*22$/),
      ]);
      await page.click('[data-key="changed"]');
      expect(await visibleCells(page)).toHaveLength(1);
      expect(await listed(page, 13)).toEqual(['Route B since 09:10.']);
      await page.click('[data-key="unreached"]');
      expect(await visibleCells(page)).toHaveLength(2);
      expect(new URL(page.url()).hash).toBe('#only=changed%2Cunreached');
      await page.click('[data-control="reset"]');
      expect(await visibleCells(page)).toHaveLength(24);
    }));

  it('the problems filter hides pairs without problems', () =>
    visit('index.html', async (page) => {
      await page.check('[data-control="problems"]');
      expect((await listed(page, 1)).map((text) => text.slice(1))).toEqual([
        'unreached',
        'changed',
      ]);
    }));

  it('a filter without matches says so', () =>
    visit('index.html', async (page) => {
      await page.fill('[data-control="text"]', 'nowhere');
      expect(await page.locator('[data-none]').isVisible()).toBe(true);
      expect(await visibleCells(page)).toEqual([]);
    }));

  it('every metric colors every cell', () =>
    visit('index.html', async (page) => {
      for (const metric of ['rtt', 'usual', 'loss', 'hops', 'mtu', 'as', 'change']) {
        await page.selectOption('[data-control="metric"]', metric);
        const classes = await page
          .locator('[data-grid] [data-v]')
          .evaluateAll((cells) => cells.map((cell) => String(cell.className)));
        expect(classes).toHaveLength(24);
        expect(classes.filter((name) => !/^step-[0-5]$/.test(name))).toEqual([]);
      }
      await page.selectOption('[data-control="metric"]', 'state');
      expect(await page.locator('[data-grid] a.ok').count()).toBe(22);
    }));

  it('halves show the forward direction above the reverse one, each with its own links and figures', () =>
    visit('index.html#halves=reverse&family=6', async (page) => {
      const cellOf = page.locator('[data-grid] tbody tr').nth(0).locator('td').nth(2);
      const links = cellOf.locator('a:visible');
      expect(await links.count()).toBe(2);
      const labels = await links.evaluateAll((all) =>
        all.map((one) => String(one.getAttribute('aria-label')).replace(/[:;].*/, '')),
      );
      expect(labels).toEqual(['From ams to gva over IPv6', 'From gva to ams over IPv6']);
      expect(await links.nth(1).textContent()).toBe('× unreached');
      await links.nth(1).hover();
      expect(await page.locator('.card').textContent()).toMatch(/IPv6 reverse/);
      expect(await page.locator('.grid .differing').count()).toBe(12);
      expect(await links.nth(0).getAttribute('aria-label')).toMatch(/; AS path differs from the/);
      await page.click('[data-key="unreached"]');
      expect(await page.locator('[data-grid] a:visible').count()).toBe(2);
      expect(new URL(page.url()).hash).toBe('#family=6&halves=reverse&only=unreached');
      await page.selectOption('[data-control="halves"]', '');
      expect(await page.locator('.reverse-copy, .gap, .hidden-half').count()).toBe(0);
    }));

  it('embedded, it shows only the matrix, and its URL stays embedded', () =>
    visit('index.html?embed#metric=rtt', async (page) => {
      for (const part of ['.top', 'footer', '.list-view']) {
        expect(await page.locator(part).isVisible()).toBe(false);
      }
      expect(await page.locator('[data-grid]').isVisible()).toBe(true);
      await page.selectOption('[data-control="metric"]', 'state');
      expect(new URL(page.url()).search).toBe('?embed');
      expect(await page.locator('base').getAttribute('target')).toBe('_blank');
    }));

  it('pointing at a cell shows its figures in a card', () =>
    visit('index.html', async (page) => {
      await page.hover('[data-grid] a.changed');
      expect(await page.locator('.card').textContent()).toMatch(
        /ams\.example\.net → fra\.example\.net[\s\S]*changed[\s\S]*Route B since 09:10\.[\s\S]*99\.5 ms/,
      );
      await page.keyboard.press('Escape');
      expect(await page.locator('.card').isVisible()).toBe(false);
    }));

  it('on a phone, the list comes first and nothing is wider than the screen', () =>
    visit(
      'index.html',
      async (page) => {
        expect(await page.locator('.list-view').isVisible()).toBe(true);
        expect(await page.locator('.grid-view').isVisible()).toBe(false);
        await page.selectOption('[data-control="view"]', 'grid');
        expect(await page.locator('.grid-view').isVisible()).toBe(true);
        for (const path of ['index.html#view=grid', 'index.html', 'status.html']) {
          await page.goto(browser.url(path));
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
        }
      },
      { viewport: { width: 390, height: 844 } },
    ));

  it('without scripts, grid and list are there, but no controls', () =>
    visit(
      'index.html',
      async (page) => {
        expect(await page.locator('[data-grid] tbody a').count()).toBe(24);
        expect(await page.locator('[data-list] tbody tr').count()).toBe(24);
        for (const hidden of ['.switches', '.bar .controls', '[data-more]']) {
          expect(await page.locator(hidden).isVisible()).toBe(false);
        }
      },
      { javaScriptEnabled: false },
    ));
});
