import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page as Tab } from 'playwright-core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { launchChromium } from '../../helpers/chromium.ts';
import type { FakeTest } from '../../helpers/fakeArchive.ts';
import { browseSite } from '../../helpers/siteBrowser.ts';
import { pages, place } from '../cli/command.ts';
import { serve } from '../pipeline/mesh.ts';
import { hostileErrors, hostileMesh } from './hostileMesh.ts';
import { noon } from './mesh.ts';
import { runAt } from './pstraceAt.ts';

vi.setConfig({ testTimeout: 120_000 });

/** The same mesh with the same addresses and keys, with and without attacks. */
async function runBoth() {
  const held: FakeTest[] = [];
  let isHostile = false;
  const archive = await serve(
    held,
    hostileErrors(() => isHostile),
  );
  const run = async (hostile: boolean) => {
    isHostile = hostile;
    held.splice(0, held.length, ...hostileMesh(hostile, noon));
    archive.requests.splice(0);
    const at = place();
    const ended = await runAt(noon, [archive.base, '6h', '-v', ...at.options]);
    const { requests } = archive;
    return { ...at, ...ended, requests: [...requests].sort(), headers: archive.lastHeaders() };
  };
  return { base: archive.base, attacked: await run(true), harmless: await run(false) };
}

/** Every file and folder of a run below its own folder, without the number of the release. */
function filesOf(out: string): string[] {
  return readdirSync(dirname(out), { recursive: true }).map(String).sort();
}

/** Runs in the browser: counts elements by kind and attributes, and lists targets of links. */
const outlineOf = `(text) => {
  const elements = [...new DOMParser().parseFromString(text, 'text/html').querySelectorAll('*')];
  const kinds = {};
  for (const element of elements) {
    const kind = [element.localName, ...element.getAttributeNames().sort()].join(' ');
    // Long names stand in pieces, which depend on their characters.
    if (kind !== 'span') kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  const targets = elements.flatMap((element) =>
    ['href', 'src', 'action', 'xlink:href', 'srcset'].flatMap((name) => element.getAttribute(name) ?? []),
  );
  return { kinds, urls: targets.filter((target) => /^[a-z][a-z0-9+.-]*:|^\\/\\//i.test(target)) };
}`;

/** Runs in the browser: hovers over everything that may show more. */
const moveOver = `(() => {
  for (const element of document.querySelectorAll('main a, main button, main td')) {
    for (const name of ['mouseover', 'pointerenter', 'mousemove', 'focusin']) {
      element.dispatchEvent(new MouseEvent(name, { bubbles: true }));
    }
  }
  return window.hacked;
})()`;

/** The pages in a real browser. */
function outlines(tab: Tab, bodies: readonly string[]): Promise<Outline[]> {
  return tab.evaluate(`${JSON.stringify(bodies)}.map(${outlineOf})`);
}

interface Outline {
  readonly kinds: Readonly<Record<string, number>>;
  readonly urls: readonly string[];
}

test('no text of an archive selects a URL, a path, a header, markup or a terminal command', async () => {
  const { base, attacked, harmless } = await runBoth();
  expect(attacked.code).toBe(75);
  expect(attacked.code).toBe(harmless.code);
  expect(attacked.stderr).toMatch(/^[\x20-\x7e\n…]*$/);
  expect(attacked.stderr.split('\n')).toHaveLength(harmless.stderr.split('\n').length);

  // The archive receives the same requests.
  expect(attacked.requests).toEqual(harmless.requests);
  expect(attacked.headers).toEqual(harmless.headers);
  const asked = attacked.requests.map((path) => decodeURIComponent(path).split('?')[0]);
  for (const path of asked) expect(path).toMatch(/^\/esmond\/perfsonar\/archive\/([a-z0-9/-]*)$/);

  // The same files exist, and no others.
  expect(filesOf(attacked.out)).toEqual(filesOf(harmless.out));

  const [hostile, plain] = [pages(attacked.out), pages(harmless.out)];
  const paths = [...plain.keys()].filter((path) => path.endsWith('.html'));
  expect(paths.length).toBeGreaterThan(25);
  const browser = await launchChromium();
  onTestFinished(() => browser.close());
  const tab = await browser.newPage();
  const read = (from: ReadonlyMap<string, string>) =>
    outlines(
      tab,
      paths.map((path) => Buffer.from(from.get(path) ?? '', 'latin1').toString()),
    );
  const [found, expected] = [await read(hostile), await read(plain)];
  for (const [index, path] of paths.entries()) {
    expect(found[index]?.kinds, path).toEqual(expected[index]?.kinds);
    expect(found[index]?.urls, path).toEqual(expected[index]?.urls);
  }
  const { host } = new URL(base);
  const leading = found.flatMap(({ urls }) => urls).filter((url) => /^https?:/.test(url));
  expect([...new Set(leading.map((url) => new URL(url).host))]).toEqual([host]);

  // Neither the output of scripts nor their embedded data differ.
  const site = browseSite(browser, pathToFileURL(`${attacked.out}/`).href);
  const samples = paths.filter((path) => !path.includes('/') || path.includes('192.0.2.1_'));
  await site.visitAll(samples, noon, async (page, path) => {
    expect(await page.evaluate(moveOver), path).toBeUndefined();
    expect(await page.locator('img[src="x"], [onerror], [onload], [onmouseover]').count()).toBe(0);
  });
});
