import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matrixPage } from '../../../src/report/matrix/matrixPage.ts';
import { statusPage } from '../../../src/report/overview/statusPage.ts';
import { runScript } from '../../../src/report/runScript.ts';
import { fullMesh, now, run, site } from '../../helpers/mesh.ts';
import { openSite, type SiteBrowser } from '../../helpers/siteBrowser.ts';

const minute = 60;
let browser: SiteBrowser;

beforeAll(async () => {
  const runs = [run(0), run(15), run(30)];
  browser = await openSite([
    matrixPage(fullMesh(['a', 'b'], false), runs, site),
    statusPage(runs, site, { messages: null, local: [] }),
    runScript(runs, site),
  ]);
});

afterAll(() => browser?.close());

describe('every page', () => {
  it.each([
    ['fresh', 5, false],
    ['late by one run', 40, false],
    ['older than three run intervals', 46, true],
  ])('shows by itself that it is old: %s', (_, minutes, banner) =>
    browser.visit('status.html', now + minutes * minute, async (page) => {
      expect(await page.locator('[data-stale-banner]').isVisible()).toBe(banner);
      expect(await page.locator('footer').textContent()).toContain('Last run 2026-11-20 12:44 UTC');
    }),
  );

  it('ages in the headline are as of the time of reading', () =>
    browser.visit('index.html', now + 116 * minute, async (page) => {
      expect(await page.locator('[data-age]').textContent()).toBe('2 hours old');
    }));

  it('shows times in the browser zone on request, and remembers the choice', () =>
    browser.visit(
      'status.html',
      now,
      async (page) => {
        const started = page.locator('.facts time').first();
        expect(await started.textContent()).toBe('2026-11-20 12:44 UTC');
        await page.click('[data-zone-switch]');
        expect(await started.textContent()).toBe('2026-11-20 18:14 UTC+5:30');
        await page.reload();
        expect(await started.textContent()).toBe('2026-11-20 18:14 UTC+5:30');
        expect(await page.locator('th [data-zone]').textContent()).toBe('UTC+5:30');
      },
      { timezoneId: 'Asia/Kolkata' },
    ));

  it('follows the system theme until the reader chooses', () =>
    browser.visit(
      'status.html',
      now,
      async (page) => {
        const ground = () =>
          page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
        const dark = await ground();
        await page.click('[data-theme-switch]');
        expect(await ground()).not.toBe(dark);
        await page.reload();
        expect(await ground()).not.toBe(dark);
        await page.click('[data-theme-switch]');
        expect(await ground()).toBe(dark);
      },
      { colorScheme: 'dark' },
    ));

  it('rejects scripts other than its own files', async () => {
    const injected = browser.visit('status.html', now, async (page) => {
      await page.evaluate(`{
        const script = document.createElement('script');
        script.textContent = 'document.title = "injected"';
        document.head.append(script);
      }`);
      expect(await page.title()).not.toBe('injected');
    });
    await expect(injected).rejects.toThrow(/Content Security Policy/);
  });
});
