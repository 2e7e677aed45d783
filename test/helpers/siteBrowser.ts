import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContextOptions, Page as Tab } from 'playwright-core';
import type { Page } from '../../src/report/page.ts';
import { launchChromium } from './chromium.ts';

/** A site in a temporary folder, opened as files in a real browser. */
export interface SiteBrowser {
  /** URL of a page; `path` may carry a hash. */
  url(path: string): string;
  /** Opens a page at a moment (epoch seconds), runs `act`; fails on any console message or error of the page. */
  visit(
    path: string,
    at: number,
    act: (tab: Tab) => Promise<void>,
    options?: BrowserContextOptions,
  ): Promise<void>;
  close(): Promise<void>;
}

/** Writes the pages and starts a browser of 1440 x 900 pixels. */
export async function openSite(pages: readonly Page[]): Promise<SiteBrowser> {
  const folder = mkdtempSync(join(tmpdir(), 'pstrace-site-'));
  for (const { path, body } of pages) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), body);
  }
  const browser = await launchChromium();
  const url = (path: string) => new URL(path, pathToFileURL(`${folder}/`)).href;
  return {
    url,
    async visit(path, at, act, options = {}) {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        ...options,
      });
      try {
        const tab = await context.newPage();
        const messages: string[] = [];
        tab.on('console', (message) => messages.push(message.text()));
        tab.on('pageerror', (error) => messages.push(error.message));
        await tab.clock.setFixedTime(at * 1000);
        await tab.goto(url(path));
        await act(tab);
        if (messages.length > 0) throw new Error(`the page complains: ${messages.join('; ')}`);
      } finally {
        await context.close();
      }
    },
    async close() {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
