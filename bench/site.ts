/**
 * `npm run bench -- site [10,50,200]`: prints the cost of pages: time to build, size, and time
 * until the page is usable in Chromium. Builds the pages of full meshes with these numbers of
 * hosts, and the pages of one test.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { buildDailyTimeline } from '../src/analysis/window/dailyTimeline.ts';
import { assetPages } from '../src/report/assets.ts';
import { compareFiles } from '../src/report/compare/compareFiles.ts';
import { matrixJson } from '../src/report/matrix/matrixJson.ts';
import { matrixPage } from '../src/report/matrix/matrixPage.ts';
import { hotspotsPage } from '../src/report/overview/hotspotsPage.ts';
import { stripsPage, timelineDayEnd } from '../src/report/overview/stripsPage.ts';
import type { Page } from '../src/report/page.ts';
import { runScript } from '../src/report/runScript.ts';
import { testDataPages, testPages } from '../src/report/testPages.ts';
import { topologyPage } from '../src/report/topology/topologyPage.ts';
import { launchChromium } from '../test/helpers/chromium.ts';
import { run, site } from '../test/helpers/mesh.ts';
import { simulatedMesh } from '../test/helpers/simulatedMesh.ts';
import { simulated, testAlone } from '../test/helpers/simulatedTest.ts';

interface Built {
  readonly page: Page;
  readonly milliseconds: number;
}

function timed(make: () => Page): Built {
  const startedAt = performance.now();
  const { path, body } = make();
  const page = { path, body: String(body) };
  return { page, milliseconds: performance.now() - startedAt };
}

/** A week of a test whose route changes twice a day. */
function week() {
  return simulated({
    routes: { A: 'gw a1 a2 b1 b2 c1 c2 d1', B: 'gw a1 a3 b3 b2 c3 c2 d1' },
    course: `${'A'.repeat(60)}${'B'.repeat(84)}`.repeat(7),
  });
}

/**
 * Milliseconds from navigation until the page is idle and responds to controls; median of three.
 */
async function interactive(browser: Browser, url: string): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    const tab = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const startedAt = performance.now();
    await tab.goto(url, { waitUntil: 'load' });
    await tab.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done)))');
    times.push(performance.now() - startedAt);
    await tab.close();
  }
  return times.sort((a, b) => a - b)[1] ?? 0;
}

function meshFiles(size: number): Built[] {
  const mesh = simulatedMesh(size);
  const sample = week();
  const timeline = buildDailyTimeline(sample, timelineDayEnd(site));
  const timelines = mesh.tests.map(({ test }) => ({ ...timeline, testId: test.id }));
  const runs = [run(0)];
  return [
    timed(() => matrixPage(mesh, runs, site)),
    timed(() => topologyPage(mesh, site)),
    timed(() => stripsPage(mesh, timelines, site)),
    timed(() => hotspotsPage(mesh, timelines, site)),
    timed(() => matrixJson(mesh, runs, site)),
    timed(() => asOne('compare/all', compareFiles(mesh, timelines))),
  ];
}

/** Joins several files, to get their total size. */
function asOne(path: string, files: Iterable<Page>): Page {
  return { path, body: Array.from(files, ({ body }) => body).join('') };
}

function testFiles(): Built[] {
  const analysis = week();
  const input = testAlone(analysis, site);
  // The first call warms up the templates.
  testPages(input);
  const startedAt = performance.now();
  const pages = [...testPages(input), ...testDataPages(input, analysis.lastTraceAt)];
  const milliseconds = (performance.now() - startedAt) / pages.length;
  return pages.map((page) => ({ page, milliseconds }));
}

function write(folder: string, { path, body }: Page): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), body instanceof Uint8Array ? body : String(body));
}

function shortName(path: string): string {
  return path.replace(/^(data\/)?tests\/[^/]+?(\.json)?(\/|$)/, '$1test$2 $3').replace(' /', '/');
}

/** Measures meshes with these numbers of hosts and prints a table for each. */
export async function benchSite(sizes: readonly number[]): Promise<void> {
  const browser = await launchChromium();
  try {
    for (const size of sizes) {
      const folder = mkdtempSync(join(tmpdir(), 'pstrace-bench-'));
      const built = [...meshFiles(size), ...testFiles()];
      for (const page of [...(await assetPages()), runScript([run(0)], site)]) write(folder, page);
      console.log(`\n${size} x ${size}`);
      console.log(
        `${'page'.padEnd(24)} ${'build'.padStart(10)} ${'size'.padStart(10)} ${'usable'.padStart(10)}`,
      );
      for (const { page, milliseconds } of built) {
        write(folder, page);
        const usable = page.path.endsWith('.html')
          ? `${(await interactive(browser, pathToFileURL(join(folder, page.path)).href)).toFixed(0)} ms`
          : '';
        console.log(
          [
            shortName(page.path).padEnd(24),
            `${milliseconds.toFixed(1)} ms`.padStart(10),
            `${(Buffer.byteLength(String(page.body)) / 1000).toFixed(0)} kB`.padStart(10),
            usable.padStart(10),
          ].join(' '),
        );
      }
      rmSync(folder, { recursive: true });
    }
  } finally {
    await browser.close();
  }
}
