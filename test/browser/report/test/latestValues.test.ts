import type { Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestAnalysis } from '../../../../src/model/site/analysis.ts';
import type { Page } from '../../../../src/report/page.ts';
import { runScript } from '../../../../src/report/runScript.ts';
import { testDataPages, testPages } from '../../../../src/report/testPages.ts';
import { now, run, site } from '../../../helpers/mesh.ts';
import { simulated, test, testAlone } from '../../../helpers/simulatedTest.ts';
import { openSite, type SiteBrowser } from '../../../helpers/siteBrowser.ts';

/** Pages of an earlier run, with the values of a later one beside them. */
const course = `${'A'.repeat(60)}${'AB'.repeat(40)}`;
const routes = { A: 'a1 a2 b1 c1', B: 'a1 d1/d2 d3 c1' };
const rttMs = { A: 20, B: 38 };
const earlier = simulated({ routes, rttMs, course });
const later = simulated({ routes, rttMs, course: `......${course.slice(6)}AAB` });
const names = ['index', 'history', 'compare'];
const folder = `tests/${test.id}`;
let browser: SiteBrowser;

function inFolder(name: string, pages: readonly Page[]): Page[] {
  return pages.map((page) => ({ ...page, path: page.path.replace(folder, `tests/${name}`) }));
}

function pagesOf(analysis: TestAnalysis, drawnAt: number | null, drawn = analysis): Page[] {
  const input = testAlone(analysis, site);
  return [...testPages(testAlone(drawn, site)), ...testDataPages(input, drawnAt)];
}

beforeAll(async () => {
  browser = await openSite([
    ...inFolder('kept', pagesOf(later, earlier.lastTraceAt, earlier)),
    ...inFolder('drawn', pagesOf(later, later.lastTraceAt)),
    ...inFolder('cached', pagesOf(later, later.lastTraceAt, earlier)),
    runScript([run(0)], site),
  ]);
});

afterAll(() => browser?.close());

/** The texts of all parts that scripts renew, and the drawn shapes. */
async function partsOf(path: string, isLocal = false): Promise<readonly string[]> {
  let parts: readonly string[] = [];
  const read = async (tab: Tab) => {
    if (isLocal) await tab.click('[data-zone-switch]');
    parts = await tab.locator('[data-latest]').evaluateAll((elements) =>
      (elements as { innerHTML: string; dataset: { latest: string } }[]).map(
        ({ innerHTML, dataset }) =>
          // Points carry times to a hundredth of a millisecond, so a pixel may differ by a tenth.
          `${dataset.latest}: ${innerHTML.replace(/ d="[^"]*"/g, '').trim()}`,
      ),
    );
  };
  await browser.visit(path, now + 300, read, { timezoneId: 'Asia/Kolkata' });
  return parts;
}

describe('a page that was drawn some runs ago', () => {
  it.each(names)('shows on %s what a page drawn now shows', async (name) => {
    const kept = await partsOf(`tests/kept/${name}.html`);
    expect(kept.length).toBeGreaterThan(3);
    expect(kept).toEqual(await partsOf(`tests/drawn/${name}.html`));
  });

  it('shows the times in the zone of the reader', async () => {
    const kept = await partsOf('tests/kept/index.html', true);
    expect(kept).toEqual(await partsOf('tests/drawn/index.html', true));
    expect(kept).not.toEqual(await partsOf('tests/kept/index.html'));
  });

  it('reads out the newest trace in the chart', () =>
    browser.visit('tests/kept/index.html', now + 300, async (tab) => {
      const readout = await tab.locator('[data-readout]').textContent();
      expect(readout).toMatch(/^Latest: 2026-11-20 23:40 UTC, route B, 38/);
      expect(await tab.locator('.chart-plot .cursor').count()).toBe(0);
    }));

  it('says without JavaScript as of when it is', () =>
    browser.visit(
      'tests/kept/index.html',
      now + 300,
      async (tab) => {
        const newest = await tab.locator('[data-latest="newest"]').textContent();
        expect(newest).toBe('2026-11-20 23:10 UTC');
      },
      { javaScriptEnabled: false },
    ));

  it('leaves values alone that belong to another drawing', async () => {
    const newest = (await partsOf('tests/cached/index.html')).find((part) => /^newest/.test(part));
    expect(newest).toContain('23:10 UTC');
  });
});
