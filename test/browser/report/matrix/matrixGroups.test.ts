import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyPlan } from '../../../../src/analysis/window/mesh/applyPlan.ts';
import { matrixPage } from '../../../../src/report/matrix/matrixPage.ts';
import { runScript } from '../../../../src/report/runScript.ts';
import { fullMesh, now, run, site } from '../../../helpers/mesh.ts';
import { openSite, type SiteBrowser } from '../../../helpers/siteBrowser.ts';

/** Four hosts, three of them in two groups of the template, and a fifth without tests. */
function pages() {
  const known = fullMesh(
    ['ams.example.net', 'fra.example.net', 'gva.example.net', 'lon.example.net'],
    false,
  );
  const cells = known.cells.map((one) =>
    one.source === '192.0.2.2' && one.destination === '192.0.2.1'
      ? { ...one, state: 'changed' as const }
      : one,
  );
  const host = (address: string, displayName: string, group: string) => ({
    address,
    displayName,
    group,
    organization: group,
  });
  const mesh = applyPlan(
    { ...known, cells },
    {
      hosts: [
        host('gva.example.net', 'Geneva', 'South'),
        host('ams.example.net', 'Amsterdam', 'North'),
        host('new.example.net', 'Nowhere', 'South'),
        host('fra.example.net', 'fra.example.net', 'North'),
      ],
      tests: [{ source: 'gva.example.net', destination: 'new.example.net', family: null }],
    },
  );
  return [matrixPage(mesh, [run(0)], site), runScript([run(0)], site)];
}

let browser: SiteBrowser;
beforeAll(async () => {
  browser = await openSite(pages());
});
afterAll(() => browser?.close());

const heads = '[data-grid] tbody th:visible';

describe('groups of hosts', () => {
  it('rows and columns are grouped in the order of the template, by display name', () =>
    browser.visit('index.html', now, async (page) => {
      expect(await page.locator(heads).allInnerTexts()).toEqual([
        ...['South', 'Geneva', 'North', 'Amsterdam', 'fra', 'Others', 'lon'],
      ]);
      expect(await page.locator('th[scope=colgroup]').allInnerTexts()).toEqual([
        ...['South', 'North', 'Others'],
      ]);
      expect(await page.locator('[data-grid] [data-v].untested').count()).toBe(1);
    }));

  it('a folded group is one line with the worst state of each column, and the URL records it', () =>
    browser.visit('index.html', now, async (page) => {
      await page.click('tr.group >> text=North');
      expect(await page.locator(heads).allInnerTexts()).not.toContain('Amsterdam');
      const line = page.locator('.folded .group');
      const words = await line
        .locator('td b')
        .evaluateAll((all) => all.map((one) => String(one.getAttribute('aria-label'))));
      expect(words).toEqual(['worst: ok', 'worst: changed', 'worst: ok', 'worst: ok']);
      expect(new URL(page.url()).hash).toBe('#fold=North');
      await page.reload();
      expect(await page.locator('.folded').count()).toBe(1);
      await page.click('tr.group >> text=North');
      expect(await page.locator('.folded').count()).toBe(0);
    }));

  it('arrow keys skip the headings', () =>
    browser.visit('index.html', now, async (page) => {
      await page.focus('a[aria-label^="From Geneva to lon"]');
      await page.keyboard.press('ArrowDown');
      expect(await page.locator(':focus').getAttribute('aria-label')).toMatch(
        /^From Amsterdam to lon/,
      );
    }));

  it('the group filter shows tests from or to the group, and its headings', () =>
    browser.visit('index.html#group=South', now, async (page) => {
      const labels = await page
        .locator('[data-grid] [data-v]:visible')
        .evaluateAll((all) => all.map((one) => String(one.getAttribute('aria-label'))));
      expect(labels).toHaveLength(7);
      expect(labels.filter((label) => !/Geneva/.test(label))).toEqual([]);
      await page.fill('[data-control="text"]', 'ams');
      expect(await page.locator('th[scope=colgroup]:visible').allInnerTexts()).toEqual([
        ...['South', 'North'],
      ]);
    }));
});
