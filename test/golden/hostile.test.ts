import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../helpers/chromium.ts';
import { browseSite, type SiteBrowser } from '../helpers/siteBrowser.ts';
import { siteFiles } from '../helpers/siteFiles.ts';
import { goldenRun, until } from './goldenRun.ts';

const folder = mkdtempSync(join(tmpdir(), 'pstrace-hostile-'));
let files: ReadonlyMap<string, Buffer>;
let site: SiteBrowser;

beforeAll(async () => {
  const out = join(folder, 'html');
  await goldenRun(out, folder);
  files = siteFiles(out);
  site = browseSite(await launchChromium(), pathToFileURL(`${out}/`).href);
});
afterAll(async () => {
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs in the page: finds elements that an unescaped text of the archives would become. */
const intruders = `[
  ...document.querySelectorAll('script:not([src]), main img, main b:not([class]), svg[onload], [onerror], base, iframe'),
].map((one) => one.outerHTML)`;

test('HTML in names, owners and parameters stays text, and errors stay away', async () => {
  const pages = [...files.keys()].filter((path) => path.endsWith('.html'));
  expect(pages.length).toBeGreaterThan(15);
  const texts: string[] = [];
  await site.visitAll(pages, until, async (tab) => {
    expect(await tab.evaluate(intruders)).toEqual([]);
    texts.push((await tab.locator('body').textContent()) ?? '');
  });
  const all = texts.join('\n');
  for (const text of [
    '<script>alert("owner")</script>',
    '"><svg/onload=alert(1)>',
    '<script>alert("parameter")</script>',
    '<b>"a"</b>',
  ]) {
    expect(all.toLowerCase()).toContain(text.toLowerCase());
  }
  // Errors of runs and hops are told in the words of pstrace.
  for (const text of ['alert("failure")', 'onerror=alert(2)']) expect(all).not.toContain(text);
});

test('no control or bidi character reaches a file', () => {
  const forbidden = /(?!\n)[\p{Cc}\p{Bidi_Control}]/u;
  // Lines of CSV end in CR LF (RFC 4180).
  const found = [...files].filter(([, bytes]) =>
    forbidden.test(bytes.toString('utf8').replaceAll('\r\n', '\n')),
  );
  expect(found.map(([path]) => path)).toEqual([]);
});

test('no text of an archive names a file', () => {
  const plain = /^[\w./-]+$/;
  expect([...files.keys()].filter((path) => !plain.test(path) || path.includes('..'))).toEqual([]);
});

test('a text of ten thousand characters is truncated to a few hundred', () => {
  const long = [...files].filter(([, bytes]) => /x{500}/.test(bytes.toString('latin1')));
  expect(long.map(([path]) => path)).toEqual([]);
});
