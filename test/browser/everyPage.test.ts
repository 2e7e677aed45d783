import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { launchChromium } from '../helpers/chromium.ts';
import { serveFolder } from '../helpers/folderServer.ts';
import { schemaFaults } from '../helpers/schemas.ts';
import { browseSite } from '../helpers/siteBrowser.ts';
import { siteFiles } from '../helpers/siteFiles.ts';
import { type Outline, outline, parsedOutline } from './outline.ts';

const { folder, madeAt } = inject('demoSite');
const root = pathToFileURL(`${folder}/`).href;
const files = siteFiles(folder);
const pages = [...files.keys()].filter((path) => path.endsWith('.html'));
const outlines = new Map<string, Outline>();
let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** One page of each kind: those at the top, and those of one test. */
function samples(): string[] {
  const [, first] = pages.find((path) => path.startsWith('tests/'))?.split('/') ?? [];
  return pages.filter((path) => !path.includes('/') || path.startsWith(`tests/${first}/`));
}

/** The share of tests whose pages are opened. Chromium takes long to draw a page. */
const openedShare = process.env.PSTRACE_FAULTS === 'long' ? 1 : 1 / 4;

/** Every page at the top, and all pages of some tests: the first of each state, and a share. */
function pagesToOpen(): string[] {
  const { cells } = JSON.parse(String(files.get('data/matrix.json')));
  const firstOfState = new Map<string, string>();
  for (const { page, state } of cells) {
    if (page !== null && !firstOfState.has(state)) firstOfState.set(state, dirname(page));
  }
  const folders = new Set(pages.filter((path) => path.includes('/')).map(dirname));
  const share = [...folders].filter((_, index) => (index * openedShare) % 1 === 0);
  const opened = new Set([...firstOfState.values(), ...share]);
  return pages.filter((path) => !path.includes('/') || opened.has(dirname(path)));
}

test('pages open as files without errors and without requests outside their folder', async () => {
  const opened = pagesToOpen();
  expect(opened.length).toBeGreaterThan(100);
  const site = browseSite(browser, root);
  await site.visitAll(opened, madeAt, async (tab, path) => {
    outlines.set(path, await outline(tab));
  });
  await site.visit('index.html', madeAt, async (tab) => {
    for (const path of pages.filter((path) => !outlines.has(path))) {
      outlines.set(path, await parsedOutline(tab, String(files.get(path)), site.url(path)));
    }
  });
  expect(outlines.size).toBeGreaterThan(270);
}, 300_000);

test('every page has a title and one main heading', () => {
  const headings = [...outlines].map(([path, { title, headings: all }]) => [
    path,
    title !== '',
    all,
  ]);
  expect(headings.filter(([, titled, all]) => !titled || all !== 1)).toEqual([]);
});

/** Path within the site and fragment of a link; null for a link to another site. */
function within(target: string): readonly [path: string, fragment: string] | null {
  if (!target.startsWith(root)) return null;
  const { pathname, hash } = new URL(target);
  const path = decodeURIComponent(pathname).slice(new URL(root).pathname.length);
  return [path, decodeURIComponent(hash.slice(1))];
}

test('every link, asset and anchor of every page exists', () => {
  const broken = [...outlines].flatMap(([page, { targets }]) =>
    targets.flatMap((target) => {
      const found = within(target);
      if (found === null) return [];
      const [path, fragment] = found;
      // The fragment of the matrix may also hold filters: `text=ams`.
      const isAnchor = fragment !== '' && !/^[a-z]+=/.test(fragment);
      const isThere = files.has(path) && (!isAnchor || outlines.get(path)?.ids.has(fragment));
      return isThere ? [] : [`${page}: ${target}`];
    }),
  );
  expect(broken).toEqual([]);
});

test('only links to archives leave the site, without a referrer', () => {
  const leaving = [...outlines].flatMap(([page, { targets, outward }]) =>
    targets
      .filter((target) => within(target) === null)
      .map((target) => [page, target, outward.get(target)] as const),
  );
  expect(leaving.length).toBeGreaterThan(100);
  const archive =
    /^http:\/\/127\.0\.0\.1:\d+\/esmond\/perfsonar\/archive\/\?metadata-key=[0-9a-f]{64}$/;
  expect(leaving.filter(([, target]) => !archive.test(target))).toEqual([]);
  expect(leaving.filter(([, , rel]) => rel !== 'noopener noreferrer')).toEqual([]);
});

test('every page and data file of a test can be reached from the matrix', () => {
  const reached = new Set(['index.html']);
  for (const page of reached) {
    for (const target of outlines.get(page)?.targets ?? []) {
      const [path] = within(target) ?? [];
      if (path !== undefined) reached.add(path);
    }
  }
  const linked = [...files.keys()].filter((path) => /\.html$|^data\/tests\//.test(path));
  expect(linked.filter((path) => !reached.has(path))).toEqual([]);
});

test('every data file agrees with its schema', () => {
  expect(schemaFaults(files)).toEqual([]);
});

test('works from a sub-folder of a web server', async () => {
  const server = await serveFolder(folder, '/net/pstrace/');
  try {
    const site = browseSite(browser, server.url);
    await site.visitAll(samples(), madeAt, async (tab, path) => {
      expect((await outline(tab)).title).toBe(outlines.get(path)?.title);
    });
  } finally {
    await server.close();
  }
});

test('works through a symbolic link to the folder', async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'pstrace link-'));
  try {
    symlinkSync(folder, join(elsewhere, 'site'));
    const site = browseSite(browser, pathToFileURL(`${join(elsewhere, 'site')}/`).href);
    await site.visitAll(samples(), madeAt, async (tab, path) => {
      expect((await outline(tab)).title).toBe(outlines.get(path)?.title);
    });
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});
