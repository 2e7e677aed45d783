import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContextOptions, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, inject } from 'vitest';
import { launchChromium } from '../helpers/chromium.ts';
import { browseSite, type SiteBrowser } from '../helpers/siteBrowser.ts';

/** The fields of a cell in `data/matrix.json` that the tests use. */
export interface DemoCell {
  readonly source: string;
  readonly destination: string;
  readonly family: 4 | 6;
  readonly state: string;
  readonly rttMs: number | null;
  /** null for an expected test without results. */
  readonly page: string | null;
}

/** The demo's site in a browser that stays open during the tests of a file. */
export interface DemoBrowser {
  readonly madeAt: number;
  readonly cells: readonly DemoCell[];
  /** States of the cells that have a page. */
  readonly statesOfPages: readonly string[];
  /** Pages at the top of the site. */
  readonly topPages: readonly string[];
  /** The page of the first cell with a state; throws without such a cell. */
  pageOf(state: string): string;
  /** Like `SiteBrowser.visit`, by default five minutes after the site was made. */
  visit(
    path: string,
    act: (tab: Tab) => Promise<void>,
    options?: BrowserContextOptions & { readonly at?: number },
  ): Promise<void>;
  url(path: string): string;
}

/** Opens the demo's site for the tests of this file. */
export function openDemo(): DemoBrowser {
  const { folder, madeAt } = inject('demoSite');
  const { cells } = JSON.parse(readFileSync(join(folder, 'data/matrix.json'), 'utf8'));
  const known: DemoCell[] = cells.filter(({ page }: DemoCell) => page !== null);
  let site: SiteBrowser | undefined;
  beforeAll(async () => {
    site = browseSite(await launchChromium(), pathToFileURL(`${folder}/`).href);
  });
  afterAll(() => site?.close());
  const open = (): SiteBrowser => {
    if (site === undefined) throw new Error('the browser is not open yet');
    return site;
  };
  return {
    madeAt,
    cells,
    statesOfPages: [...new Set(known.map(({ state }) => state))],
    topPages: readdirSync(folder).filter((name) => name.endsWith('.html')),
    pageOf(state) {
      const found = known.find((cell) => cell.state === state);
      if (found?.page == null) throw new Error(`no cell of the demo is ${state}`);
      return found.page;
    },
    visit: (path, act, { at = madeAt + 300, ...options } = {}) =>
      open().visit(path, at, act, options),
    url: (path) => open().url(path),
  };
}
