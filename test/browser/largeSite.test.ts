import axe from 'axe-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildDailyTimeline } from '../../src/analysis/window/dailyTimeline.ts';
import { applyPlan } from '../../src/analysis/window/mesh/applyPlan.ts';
import type { State } from '../../src/model/site/analysis.ts';
import { meshPages } from '../../src/report/meshPages.ts';
import { timelineDayEnd } from '../../src/report/overview/stripsPage.ts';
import { meshPagesInput, now, site } from '../helpers/mesh.ts';
import { simulatedMesh } from '../helpers/simulatedMesh.ts';
import { simulated } from '../helpers/simulatedTest.ts';
import { openSite, type SiteBrowser } from '../helpers/siteBrowser.ts';

const size = 60;
const links = size * (size - 1);
const worst: State[] = ['unreached', 'changed', 'degraded', 'flapping', 'stale', 'failed'];
const states = new Map(worst.map((state, index) => [index * 500, state]));
const hosts = Array.from({ length: size }, (_, index) => ({
  address: `h${index}.example.net`,
  displayName: `Site ${index}`,
  organization: null,
  group: `Region ${Math.floor(index / 20) + 1}`,
}));
const mesh = applyPlan(simulatedMesh(size, states), { hosts, tests: [] });
const course = buildDailyTimeline(
  simulated({ routes: { A: 'a1 b1' }, course: 'A'.repeat(144) }),
  timelineDayEnd(site),
);
const courses = mesh.tests.map(({ test: { id } }) => ({ ...course, testId: id }));
const pages = [...meshPages(meshPagesInput(mesh, { timelines: courses }))];
const tops = pages.map(({ path }) => path).filter((path) => path.endsWith('.html'));
let browser: SiteBrowser;

beforeAll(async () => {
  browser = await openSite(pages);
});
afterAll(() => browser?.close());

const phone = { width: 390, height: 844 };
const cells = '[data-grid] [data-v]:visible';

describe('a mesh of 60 hosts', () => {
  test.each([
    ['light', undefined],
    ['dark', phone],
  ] as const)(
    'every page opens, complains of nothing and does not scroll sideways, %s',
    async (colorScheme, viewport) => {
      const wide: string[] = [];
      for (const path of tops) {
        await browser.visit(
          path,
          now,
          async (tab) => {
            const isWide = 'document.documentElement.scrollWidth > innerWidth';
            if (await tab.evaluate<boolean>(isWide)) wide.push(path);
          },
          { colorScheme, ...(viewport === undefined ? {} : { viewport }) },
        );
      }
      expect(wide).toEqual([]);
    },
  );

  test('the grid has every link; groups fold it to a few rows and columns', () =>
    browser.visit('index.html', now, async (tab) => {
      expect(await tab.locator(cells).count()).toBe(links);
      for (const group of await tab.locator('.grid button[aria-expanded]').all()) {
        await group.click();
      }
      expect(await tab.locator(cells).count()).toBe(0);
      const sums = tab.locator('tr.group .sum:visible');
      expect(await sums.count()).toBe(9);
      expect(await sums.first().getAttribute('class')).toBe('sum unreached');
    }));

  test('keys move to the ends of a row and a column', () =>
    browser.visit('index.html', now, async (tab) => {
      await tab.focus('[data-grid] [tabindex="0"]');
      const focused = () =>
        tab.evaluate<string>('document.activeElement.getAttribute("aria-label")');
      expect(await focused()).toMatch(/^From Site 0 to Site 1: unreached/);
      await tab.keyboard.press('End');
      expect(await focused()).toMatch(/^From Site 0 to Site 59:/);
      await tab.keyboard.press('ArrowDown');
      expect(await focused()).toMatch(/^From Site 1 to Site 59:/);
      await tab.keyboard.press('Home');
      expect(await focused()).toMatch(/^From Site 1 to Site 0:/);
    }));

  test('filters apply to the grid and the list', () =>
    browser.visit('index.html#problems=1', now, async (tab) => {
      expect(await tab.locator(`${cells}:not(.out)`).count()).toBe(worst.length);
      const rows = tab.locator('[data-list] tbody tr');
      expect(await rows.count()).toBe(worst.length);
      await tab.click('[data-control="reset"]');
      await tab.fill('[data-control="text"]', 'h17.example.net');
      expect(await rows.count()).toBe(2 * (size - 1));
      await tab.fill('[data-control="text"]', '');
      await tab.selectOption('[data-control="group"]', 'Region 3');
      await tab.click('[data-more] button');
      expect(await rows.count()).toBe(links - 40 * 39);
    }));

  test('without scripts, the grid links to all tests and the list has the worst', () =>
    browser.visit(
      'index.html',
      now,
      async (tab) => {
        expect(await tab.locator(cells).count()).toBe(links);
        const first = tab.locator('[data-list] tbody tr td:first-child');
        const listed = await first.allTextContents();
        expect(listed.slice(0, worst.length - 2)).toEqual([
          '×unreached',
          '≠changed',
          '▲degraded',
          '≈flapping',
        ]);
      },
      { javaScriptEnabled: false },
    ));

  // axe takes long to compute the contrast of thousands of elements. Usually axe.test.ts, whose mesh
  // is small, is enough.
  const options = `{
    preload: false,
    resultTypes: ['violations'],
    rules: { 'color-contrast': { enabled: ${process.env.PSTRACE_FAULTS === 'long'} } },
  }`;

  test.each([
    ['light', 'index.html#problems=1'],
    ['dark', 'index.html#fold=Region 2|>Region 2|>Region 3'],
    ['dark', 'topology.html'],
    ['light', 'strips.html'],
  ] as const)('axe finds nothing, %s, %s', (colorScheme, path) =>
    browser.visit(
      path,
      now,
      async (tab) => {
        await tab.evaluate(axe.source);
        const violations = `axe.run(document, ${options}).then(({ violations }) =>
          violations.map(({ id, nodes }) => id + ': ' + nodes[0].target.join(' ')))`;
        expect(await tab.evaluate<string[]>(violations)).toEqual([]);
      },
      { colorScheme },
    ),
  );
});
