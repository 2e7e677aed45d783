import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page as Tab } from 'playwright-core';
import { assetPages } from '../../src/report/assets.ts';
import type { Page } from '../../src/report/page.ts';
import { launchChromium } from './chromium.ts';

/** A site opened in a real browser. */
export interface SiteBrowser {
  /** URL of a page; `path` may carry a hash. */
  url(path: string): string;
  /**
   * Opens a page at a time (epoch seconds) and runs `act`. Fails on any console message, error,
   * dialog or failed request of the page, and on any request outside the site.
   */
  visit(
    path: string,
    at: number,
    act: (tab: Tab) => Promise<void>,
    options?: BrowserContextOptions,
  ): Promise<void>;
  /** Visits many pages, several at a time. */
  visitAll(paths: readonly string[], at: number, act: VisitEach): Promise<void>;
  close(): Promise<void>;
}

type VisitEach = (tab: Tab, path: string) => Promise<void>;

const desktop = { viewport: { width: 1440, height: 900 } };
/** Number of concurrent tabs: each keeps a processor mostly busy. */
const tabsAtOnce = 4;

/** Writes the pages and the assets of the site, and starts a browser of 1440 x 900 pixels. */
export async function openSite(pages: readonly Page[]): Promise<SiteBrowser> {
  const folder = mkdtempSync(join(tmpdir(), 'pstrace-site-'));
  for (const { path, body } of [...pages, ...(await assetPages())]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), body instanceof Uint8Array ? body : String(body));
  }
  const site = browseSite(await launchChromium(), pathToFileURL(`${folder}/`).href);
  return {
    ...site,
    async close() {
      await site.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A browser for the site whose pages are below `root`, a URL that ends with a slash. */
export function browseSite(browser: Browser, root: string): SiteBrowser {
  const url = (path: string) => new URL(path, root).href;
  const open = async (at: number, options: BrowserContextOptions) => {
    const context = await browser.newContext({ ...desktop, ...options });
    await context.clock.setFixedTime(at * 1000);
    return context;
  };
  const look = async (tab: Tab, complaints: string[], path: string, act: VisitEach) => {
    await tab.goto(url(path));
    await act(tab, path);
    if (complaints.length > 0) throw new Error(`${path}: ${complaints.join('; ')}`);
  };
  return {
    url,
    async visit(path, at, act, options = {}) {
      const context = await open(at, options);
      try {
        const tab = await context.newPage();
        await look(tab, complaintsOf(tab, root), path, act);
      } finally {
        await context.close();
      }
    },
    async visitAll(paths, at, act) {
      const context = await open(at, {});
      const left = [...paths];
      const work = async () => {
        const tab = await context.newPage();
        const complaints = complaintsOf(tab, root);
        for (let path = left.shift(); path !== undefined; path = left.shift()) {
          await look(tab, complaints, path, act);
        }
      };
      try {
        await Promise.all(Array.from({ length: tabsAtOnce }, work));
      } finally {
        await context.close();
      }
    },
    close: () => browser.close(),
  };
}

/** Collects everything that a tab must not do. */
function complaintsOf(tab: Tab, root: string): string[] {
  const found: string[] = [];
  tab.on('console', (message) => found.push(`console: ${message.text()}`));
  tab.on('pageerror', (error) => found.push(`error: ${error.message}`));
  tab.on('dialog', (dialog) => {
    found.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  tab.on('requestfailed', (request) => found.push(`failed: ${request.url()}`));
  tab.on('response', (response) => {
    if (response.status() >= 400) found.push(`${response.status()}: ${response.url()}`);
  });
  tab.on('request', (request) => {
    const target = request.url();
    if (!target.startsWith(root) && !target.startsWith('data:')) found.push(`leaves: ${target}`);
  });
  return found;
}
