import type { Page as Tab } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openDemo } from './demoBrowser.ts';

const { cells, pageOf, visit, url } = openDemo();
const links = '[data-grid] [data-v]';

/** Labels of the visible cells. */
function shown(tab: Tab): Promise<string[]> {
  return tab
    .locator(`${links}:visible`)
    .evaluateAll((all) => all.map((one) => String(one.getAttribute('aria-label'))));
}

function column(tab: Tab, number: number): Promise<string[]> {
  return tab.locator(`[data-list] tbody td:nth-child(${number})`).allTextContents();
}

/**
 * Runs in the page: presses all four arrow keys on every reachable cell. Collects the labels of
 * these cells, and of those where a step and its opposite do not lead back.
 */
const walkEverywhere = `(() => {
  const press = (from, key) => {
    from.focus();
    from.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    return document.activeElement;
  };
  const label = (cell) => cell.getAttribute('aria-label');
  const back = { ArrowUp: 'ArrowDown', ArrowDown: 'ArrowUp', ArrowLeft: 'ArrowRight', ArrowRight: 'ArrowLeft' };
  const met = new Set([document.querySelector('[data-grid] [tabindex="0"]')]);
  const astray = [];
  for (const cell of met) {
    for (const key of Object.keys(back)) {
      const next = press(cell, key);
      met.add(next);
      if (next !== cell && press(next, back[key]).closest('td') !== cell.closest('td')) {
        astray.push(key + ' at ' + label(cell));
      }
    }
  }
  return { met: [...met].map(label), astray };
})()`;

describe('the keyboard', () => {
  test('arrow keys reach every cell of the matrix, and back', () =>
    visit('index.html', async (tab) => {
      const walk = await tab.evaluate<{ met: string[]; astray: string[] }>(walkEverywhere);
      expect(walk.astray).toEqual([]);
      expect(walk.met.sort()).toEqual((await shown(tab)).sort());
    }));

  test('Tab moves to the worst cell, Enter opens its test, and Back returns to it', () =>
    visit('index.html', async (tab) => {
      const stop = tab.locator('[data-grid] [tabindex="0"]');
      expect(await stop.getAttribute('class')).toMatch(/unreached|changed|degraded|failed|stale/);
      await tab.focus(`${links}.changed`);
      await tab.keyboard.press('Enter');
      await tab.waitForURL('**/tests/**');
      expect(await tab.locator('h1 .state').textContent()).toBe('≠changed');
      await tab.goBack();
      expect(await tab.title()).toMatch(/affected/);
    }));
});

describe('state in the URL', () => {
  test('the legend counts every state like the data file, and filters by it', () =>
    visit('index.html', async (tab) => {
      const counts = Map.groupBy(cells, ({ state }) => state);
      const chips = tab.locator('[data-legend] button');
      expect(await chips.count()).toBe(counts.size);
      for (const [state, own] of counts) {
        const chip = tab.locator(`[data-legend] [data-key="${state}"]`);
        expect(await chip.locator('.tally').textContent()).toBe(String(own.length));
      }
      await tab.click('[data-key="unreached"]');
      expect(await shown(tab)).toHaveLength(counts.get('unreached')?.length ?? 0);
      expect(new URL(tab.url()).hash).toBe('#only=unreached');
      await tab.click('[data-control="reset"]');
      expect(await shown(tab)).toHaveLength(cells.length);
      expect(new URL(tab.url()).hash).toBe('');
      await tab.check('[data-control="problems"]');
      const ok = counts.get('ok')?.length ?? 0;
      const tally = tab.locator('[data-legend] [data-key="ok"] .tally');
      expect(await tally.textContent()).toBe(`0 of ${ok}`);
    }));

  test('a shared URL shows the same view', async () => {
    let sent = '';
    let seen: string[][] = [];
    const look = async (tab: Tab) => [await shown(tab), await column(tab, 2), await column(tab, 5)];
    await visit('index.html', async (tab) => {
      await tab.selectOption('[data-control="metric"]', 'rtt');
      await tab.selectOption('[data-control="family"]', '4');
      await tab.fill('[data-control="text"]', 'gva');
      await tab.click('[data-sort="rtt"] button');
      await tab.click('[data-sort="rtt"] button');
      sent = new URL(tab.url()).hash;
      seen = await look(tab);
    });
    expect(sent).toBe('#metric=rtt&family=4&text=gva&sort=-rtt');
    const own = cells.filter(
      ({ family, page }) => family === 4 && /203\.0\.113\.51_/.test(page ?? ''),
    );
    expect(seen[0]).toHaveLength(own.length);
    const rtts = own.flatMap(({ rttMs }) => (rttMs === null ? [] : [rttMs])).sort((a, b) => b - a);
    expect(seen[2]?.filter((rtt) => rtt !== '–')).toEqual(rtts.map((rtt) => rtt.toFixed(1)));
    await visit(`index.html${sent}`, async (tab) => {
      expect(await look(tab)).toEqual(seen);
      expect(await tab.inputValue('[data-control="metric"]')).toBe('rtt');
      expect(await tab.inputValue('[data-control="text"]')).toBe('gva');
    });
  });

  test('shows problems only, and sorts the list by every column', () =>
    visit('index.html#problems=1', async (tab) => {
      const good = ['ok', 'accepted', 'filtered', 'untested'];
      const bad = cells.filter(({ state }) => !good.includes(state));
      expect(await column(tab, 1)).toHaveLength(bad.length);
      await tab.uncheck('[data-control="problems"]');
      expect(await column(tab, 1)).toHaveLength(cells.length);
      for (const sort of await tab.locator('[data-list] th[data-sort]').all()) {
        if ((await sort.getAttribute('aria-sort')) === null) await sort.locator('button').click();
        expect(await sort.getAttribute('aria-sort')).toBe('ascending');
      }
      await tab.click('[data-sort="from"] button');
      const from = await column(tab, 2);
      expect(from).toEqual([...from].sort());
    }));

  test('a metric colors cells and legend, and links stay', () =>
    visit('index.html#metric=hops', async (tab) => {
      const target = url(pageOf('changed'));
      expect(await tab.locator('[data-legend] button').count()).toBeGreaterThan(2);
      expect(await tab.locator(`${links}.changed`).count()).toBe(0);
      const hrefs = await tab.locator(links).evaluateAll((all) => all.map((one) => String(one)));
      expect(hrefs).toContain(target);
    }));
});

describe('groups of the psConfig template', () => {
  test('rows and columns fold into their worst state, and the URL records it', () =>
    visit('index.html', async (tab) => {
      const order = 'unreached changed degraded flapping filtered ok stale failed untested';
      const rank = (state: string) => order.split(' ').indexOf(state);
      await tab.click('[scope="colgroup"] button >> text=Europe');
      await tab.click('[scope="rowgroup"] button >> text=Nordic');
      expect(new URLSearchParams(new URL(tab.url()).hash.slice(1)).get('fold')).toBe(
        '>Europe|Nordic',
      );
      await tab.reload();
      expect(await tab.locator('[data-grid] th[scope="col"]:visible').count()).toBe(6);
      expect(await tab.locator('[data-grid] th[scope="row"]:visible').count()).toBe(7);
      const row = tab.locator('[data-grid] tbody tr', { hasText: 'Lakewood State' });
      const folded = await row
        .locator('.in-fold [data-v], .sums [data-v]')
        .evaluateAll((all) => all.map((one) => String(one.className)));
      const worst = folded.sort((a, b) => rank(a) - rank(b))[0];
      const sum = row.locator('.sum');
      expect(await sum.getAttribute('aria-label')).toBe(`to Europe, worst: ${worst}`);
      expect(await sum.isVisible()).toBe(true);
      await tab.click('[scope="colgroup"] button >> text=Europe');
      expect(await tab.locator('[data-grid] th[scope="col"]:visible').count()).toBe(9);
      expect(await tab.locator('.sum').count()).toBe(0);
    }));

  test('pairs of the template without a test are untested and have no link', () =>
    visit('index.html#only=untested', async (tab) => {
      const missing = cells.filter(({ state }) => state === 'untested');
      expect(missing).toHaveLength(16);
      expect(await shown(tab)).toHaveLength(missing.length);
      expect(
        await tab
          .locator(`${links}:visible`)
          .first()
          .evaluate((one) => one.nodeName),
      ).toBe('SPAN');
      expect(await column(tab, 13)).toContain(
        'The psConfig template defines this test; no archive has a result for it yet.',
      );
    }));
});
