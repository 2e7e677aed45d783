import { expect, test } from 'vitest';
import { openDemo } from './demoBrowser.ts';

const { pageOf, statesOfPages, visit, url } = openDemo();
const history = (page: string) => page.replace('index.html', 'history.html');

test('every state has a page that shows it in heading and title', async () => {
  for (const state of statesOfPages) {
    await visit(pageOf(state), async (tab) => {
      expect(await tab.locator('h1 .state').getAttribute('class')).toBe(`state ${state}`);
      expect(await tab.title()).toMatch(new RegExp(`^${state}: `));
      expect(await tab.locator('.reason').textContent()).not.toBe('');
    });
  }
});

test('the chart shows the trace at the arrow keys in the reader’s zone', () =>
  visit(
    pageOf('changed'),
    async (tab) => {
      const readout = tab.locator('[data-readout]');
      const newest = await readout.textContent();
      expect(newest).toMatch(/\d{4}-\d\d-\d\d \d\d:\d\d UTC, route [A-Z]+, [\d.]+ ms, \d+ hops/);
      await tab.focus('.chart-plot');
      await tab.keyboard.press('ArrowLeft');
      expect(await readout.textContent()).not.toBe(newest);
      await tab.click('[data-zone-switch]');
      await tab.keyboard.press('Tab');
      expect(await tab.locator('[data-zone]').last().textContent()).toBe('UTC+5:45');
      const utc = await tab.locator('main time').first().getAttribute('datetime');
      const local = new Date(Date.parse(String(utc)) + 345 * 60_000).toISOString();
      expect(await tab.locator('main time').first().textContent()).toContain(local.slice(11, 16));
    },
    { timezoneId: 'Asia/Kathmandu' },
  ));

test('tabs link to the other direction and family of the pair, and back', () => {
  const page = pageOf('unreached');
  return visit(page, async (tab) => {
    const [from, to] = await tab.locator('h1 bdi').allTextContents();
    await tab.click('.tabs a:has-text("reverse IPv6")');
    await tab.waitForURL((target) => !target.href.endsWith(page));
    expect(await tab.locator('h1 bdi').allTextContents()).toEqual([to, from]);
    await tab.click('.tabs a:has-text("reverse IPv6")');
    await tab.waitForURL(url(page));
    expect(await tab.locator('h1 bdi').allTextContents()).toEqual([from, to]);
  });
});

test('the links to history and comparisons are side by side at every width', () =>
  visit(pageOf('unreached'), async (tab) => {
    const links = tab.locator('.tabs a:not(:has(.state))');
    const tops = () => links.evaluateAll((all) => all.map((a) => a.getBoundingClientRect().top));
    for (let width = 1440; width >= 360; width -= 40) {
      await tab.setViewportSize({ width, height: 900 });
      const [top] = await tops();
      expect(await tops(), `${width} px`).toEqual([top, top]);
    }
  }));

test('a link to an entry of the history shows it', async () => {
  const page = history(pageOf('changed'));
  let anchors: string[] = [];
  await visit(page, async (tab) => {
    anchors = await tab
      .locator('.history .anchor')
      .evaluateAll((all) => all.map((one) => String(one.getAttribute('href'))));
  });
  expect(anchors.length).toBeGreaterThan(1);
  for (const anchor of anchors) {
    await visit(`${page}${anchor}`, async (tab) => {
      const entry = tab.locator(`${anchor}`);
      expect(await entry.evaluate((one) => one.matches(':target'))).toBe(true);
      const { top, bottom } = await entry.evaluate((one) => one.getBoundingClientRect().toJSON());
      expect(top).toBeLessThan(900);
      expect(bottom).toBeGreaterThan(0);
    });
  }
});

test('the history shows each change, newest first', () =>
  visit(history(pageOf('changed')), async (tab) => {
    const starts = await tab
      .locator('.history > li')
      .evaluateAll((all) => all.map((one) => one.id));
    expect(starts).toEqual([...starts].sort().reverse());
    expect(await tab.locator('.diff-table .added, .diff-table .replaced').count()).toBeGreaterThan(
      0,
    );
  }));

test('topology: search, levels, and the tests that use a node', () =>
  visit('topology.html', async (tab) => {
    await tab.click('[data-level-switch]:has-text("router")');
    await tab.fill('[data-find]', 'ps-gva');
    expect(await tab.locator('[data-found]').textContent()).toMatch(/^\d+ nodes?$/);
    const hits = tab.locator('.level:visible .node.hit');
    const names = await hits.locator('title').allTextContents();
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !/ps-gva/i.test(name))).toEqual([]);
    await hits.first().click();
    const listed = tab.locator('[data-panel] li a');
    expect(await listed.count()).toBeGreaterThan(0);
    expect(await tab.locator('[data-panel]').isVisible()).toBe(true);
    await tab.keyboard.press('Escape');
    expect(await tab.locator('[data-panel]').isVisible()).toBe(false);
    await tab.fill('[data-find]', 'nothing is called so');
    expect(await tab.locator('[data-found]').textContent()).toBe('0 nodes');
    await tab.fill('[data-find]', 'EUROBEAM');
    await tab.click('[data-level-switch]:has-text("AS")');
    expect(await tab.locator('.level:visible .node.hit').count()).toBeGreaterThan(0);
    // A router is no node of this level: the search goes to the level that has it.
    await tab.fill('[data-find]', '');
    const others = await tab.locator('.level:not(:visible) .node title').allTextContents();
    const shownNames = (await tab.locator('.level:visible .node title').allTextContents()).join();
    const router = others.find((name) => !shownNames.includes(name.split(' ')[0] ?? '')) ?? '';
    await tab.fill('[data-find]', router.split(' ')[0] ?? '');
    expect(await tab.locator('[data-found]').textContent()).toMatch(/^[1-9]\d* nodes?$/);
    expect(await tab.locator('.level:visible .node.hit').count()).toBeGreaterThan(0);
    await tab.locator('.level:visible .node.hit').first().click();
    await listed.first().click();
    await tab.waitForURL('**/tests/**');
    expect(tab.url()).toMatch(url('tests/'));
  }));

test('the changes page filters by source and destination, and shows where an outage ends', () =>
  visit('changes.html', async (tab) => {
    const rows = tab.locator('[data-changes] tr:visible');
    await tab.selectOption('[data-filter="class"]', 'unreachable');
    await tab.selectOption('[data-filter="source"]', 'Isar Laboratory');
    await tab.selectOption('[data-filter="destination"]', 'Lumipuro Observatory');
    expect(await rows.count()).toBe(1);
    const [outage = ''] = await rows.allTextContents();
    expect(outage).toContain('Isar Laboratory → Lumipuro Observatory');
    expect(outage).toMatch(/ends after \S+\.\S+ \(AS\d+\)/);
    await tab.click('[data-clear]');
    await tab.fill('[data-filter="text"]', 'ps-muc.isarlab');
    expect(await rows.count()).toBeGreaterThan(1);
    for (const row of await rows.allTextContents()) expect(row).toContain('Isar Laboratory');
  }));

test('compares any two tests, by selection and from the URL', async () => {
  const id = (page: string) => page.split('/')[1] ?? '';
  const [one, other] = [id(pageOf('changed')), id(pageOf('degraded'))];
  let seen: string[] = [];
  await visit(`tests/${one}/compare.html`, async (tab) => {
    await tab.click('text=Compare with another test');
    await tab.waitForURL('**/compare.html#**');
    expect(await tab.locator('[data-result]').isVisible()).toBe(false);
    const [, source] = await tab.locator('[data-source="b"] option').allTextContents();
    await tab.selectOption('[data-source="b"]', { label: String(source) });
    await tab.locator('[data-result]').waitFor();
    expect(await tab.locator('[data-rtt]').textContent()).toMatch(/^RTT [\d.]+ ms vs\. /);
  });
  await visit('compare.html', async (tab) => {
    const targets = tab.locator('[data-test="a"]');
    expect(await targets.isDisabled()).toBe(true);
    expect(await targets.textContent()).toBe('choose a source first');
  });
  await visit(`compare.html#a=${one}&b=${other}`, async (tab) => {
    await tab.locator('[data-rows] tr').first().waitFor();
    seen = await tab.locator('[data-rows] tr').allTextContents();
    expect(seen.join(' ')).toMatch(/\.example/);
    expect(await tab.locator('[data-steps] .as-step').count()).toBeGreaterThan(2);
    await tab.check('[data-reverse]');
    expect(new URL(tab.url()).hash).toMatch(/&reverse=1$/);
    expect(await tab.locator('[data-rows] tr').allTextContents()).not.toEqual(seen);
  });
  // Bookmarks of version 0.1 have another name for it.
  await visit(`compare.html#a=${one}&b=${other}&turn=1`, async (tab) => {
    expect(await tab.isChecked('[data-reverse]')).toBe(true);
  });
  await visit(`compare.html#a=${one}&b=${one}`, async (tab) => {
    await tab.locator('[data-rows] tr.same').first().waitFor();
    expect(await tab.locator('[data-rows] tr:not(.same)').count()).toBe(0);
    expect(await tab.locator('[data-rtt]').textContent()).toContain('no difference');
    expect(await tab.locator('[data-missing]').isVisible()).toBe(false);
    // As if a run had replaced the file since the page was opened.
    await tab.evaluate('for (const file of Object.values(pstraceRoutes)) file.tests = {}');
    await tab.check('[data-reverse]');
    await tab.locator('[data-missing]').waitFor();
    expect(await tab.locator('[data-result]').isVisible()).toBe(false);
  });
});
