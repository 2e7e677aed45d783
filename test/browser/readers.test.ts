import type { Page as Tab } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openDemo } from './demoBrowser.ts';

const { cells, madeAt, pageOf, statesOfPages, topPages, visit } = openDemo();
const testPage = pageOf('changed');
const historyPage = testPage.replace('index.html', 'history.html');
const kinds = [
  ...topPages.map((path) => [path, path] as const),
  ['a test', testPage] as const,
  ['a history', historyPage] as const,
];
const paths = kinds.map(([, path]) => path);
const everyState = statesOfPages.map(pageOf);

describe('without JavaScript', () => {
  const options = { javaScriptEnabled: false };

  test('the matrix is readable and its cells link to the tests', () =>
    visit(
      'index.html',
      async (tab) => {
        expect(await tab.locator('[data-grid] tbody [data-v]:visible').count()).toBe(cells.length);
        expect(await tab.locator('[data-list] tbody tr:visible').count()).toBe(cells.length);
        const worst = tab.locator('[data-grid] a.unreached').first();
        expect(await worst.textContent()).toBe('× unreached');
        expect(await worst.getAttribute('aria-label')).toMatch(/^From .* to .*: unreached/);
        for (const idle of await tab.locator('.controls').all()) {
          expect(await idle.isVisible()).toBe(false);
        }
        await worst.click();
        expect(await tab.title()).toMatch(/^unreached: /);
        await tab.click('text=Route history');
        expect(await tab.title()).toMatch(/^Route history: /);
        await tab.click('nav >> text=Topology');
        expect(await tab.title()).toMatch(/^Topology/);
      },
      options,
    ));

  test.each([
    ['.chart-plot path.dots', 'a test', testPage],
    ['.chart-plot path.band', 'a test', testPage],
    ['table.hops tbody tr', 'a test', testPage],
    ['.raw pre', 'a test', testPage],
    ['.diff-table tbody tr', 'a history', historyPage],
    ['.graph .node', 'the topology', 'topology.html'],
    ['table tbody tr', 'the run status', 'status.html'],
  ])('%s shows on the page of %s', (selector, _, path) =>
    visit(
      path,
      async (tab) => {
        const box = await tab.locator(selector).first().boundingBox();
        expect(box?.width).toBeGreaterThan(10);
      },
      options,
    ),
  );
});

test('on a phone of 390 pixels, no page scrolls horizontally, and the list comes first', async () => {
  const options = { viewport: { width: 390, height: 844 } };
  const wide: string[] = [];
  for (const path of new Set([...paths, 'index.html#view=grid', ...everyState])) {
    await visit(
      path,
      async (tab) => {
        const width = await tab.evaluate<number>('document.documentElement.scrollWidth');
        if (width > 390) wide.push(`${path}: ${width}`);
      },
      options,
    );
  }
  expect(wide).toEqual([]);
  await visit(
    'status.html',
    async (tab) => {
      const { x, width } = (await tab.locator('.top nav [aria-current]').boundingBox()) ?? {};
      expect((x ?? 0) + (width ?? 999)).toBeLessThanOrEqual(390);
    },
    options,
  );
  await visit(
    'index.html',
    async (tab) => {
      expect(await tab.locator('.list-view').isVisible()).toBe(true);
      expect(await tab.locator('.grid-view').isVisible()).toBe(false);
    },
    options,
  );
});

/** Relative luminance (WCAG 2.2) of the background and text of a page. */
async function luminances(tab: Tab): Promise<readonly [paper: number, ink: number]> {
  const colors = await tab.evaluate<string[]>(`[
    getComputedStyle(document.documentElement).backgroundColor,
    getComputedStyle(document.body).color,
  ]`);
  const [paper = 0, ink = 0] = colors.map((color) => {
    const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map((part) => {
      const share = Number(part) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  });
  return [paper, ink];
}

test('is dark on a dark system, with contrast; the switch changes the theme and is remembered', async () => {
  for (const path of paths) {
    await visit(
      path,
      async (tab) => {
        const [paper, ink] = await luminances(tab);
        expect(paper).toBeLessThan(0.05);
        expect((ink + 0.05) / (paper + 0.05)).toBeGreaterThan(7);
      },
      { colorScheme: 'dark' },
    );
  }
  await visit(
    'index.html',
    async (tab) => {
      await tab.click('[data-theme-switch]');
      expect((await luminances(tab))[0]).toBeGreaterThan(0.8);
      await tab.reload();
      expect((await luminances(tab))[0]).toBeGreaterThan(0.8);
    },
    { colorScheme: 'dark' },
  );
});

/** Runs in the page: areas whose content is larger than they are, and so lies over what follows. */
const overflowing = `[...document.querySelectorAll('.scroll')]
  .filter((area) => area.scrollHeight > area.clientHeight + 1)
  .map((area) => area.outerHTML.slice(0, 80))`;

test('in print, everything is unfolded, nothing overlaps, and there are no controls', async () => {
  for (const path of [testPage, historyPage, 'topology.html', 'changes.html', 'index.html']) {
    await visit(path, async (tab) => {
      await tab.emulateMedia({ media: 'print' });
      for (const folded of await tab.locator('details:visible > *:not(summary)').all()) {
        expect(await folded.isVisible()).toBe(true);
      }
      expect(await tab.locator('.controls:visible').count()).toBe(0);
      expect(await tab.evaluate(overflowing)).toEqual([]);
    });
  }
});

describe('old pages', () => {
  const banner = '[data-stale-banner]';
  // After a single run, the usual interval is the window: two days.
  const old = madeAt + 7 * 86_400;

  test.each(kinds)('%s shows a banner once it is old', async (_, path) => {
    await visit(path, async (tab) => {
      expect(await tab.locator(banner).isVisible()).toBe(false);
    });
    await visit(
      path,
      async (tab) => {
        expect(await tab.locator(banner).textContent()).toMatch(
          /^Old pages\. pstrace has not run since 2026-03-01 12:00 UTC\./,
        );
        expect(await tab.locator(banner).isVisible()).toBe(true);
      },
      { at: old },
    );
  });

  test('the age of the data advances while the page is open', () =>
    visit(
      'index.html',
      async (tab) => {
        expect(await tab.locator('[data-age]').textContent()).toBe('7 days old');
      },
      { at: old },
    ));
});
