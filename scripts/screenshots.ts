import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launchChromium } from '../test/helpers/chromium.ts';
import { pstraceAt } from '../test/helpers/pstraceAt.ts';

/** 2026-03-01 12:00:00 UTC. A fixed time gives the same demo each time. */
const demoTime = 1772366400;
const images = join(import.meta.dirname, '../docs/images');
const folder = mkdtempSync(join(tmpdir(), 'pstrace-screenshots-'));

try {
  const out = join(folder, 'html');
  const state = join(folder, 'var');
  const { code, stderr } = await pstraceAt(demoTime, ['demo', '--out', out, '--state', state]);
  if (code !== 0) throw new Error(stderr);
  mkdirSync(images, { recursive: true });
  const browser = await launchChromium();
  for (const colorScheme of ['light', 'dark'] as const) {
    const tab = await browser.newPage({ viewport: { width: 1300, height: 820 }, colorScheme });
    const take = async (name: string, height: number) => {
      await tab.setViewportSize({ width: 1300, height });
      await tab.screenshot({ path: join(images, `${name}-${colorScheme}.png`) });
    };
    await tab.clock.setFixedTime((demoTime + 240) * 1000);
    await tab.goto(pathToFileURL(join(out, 'index.html')).href);
    await take('matrix', 980);
    await tab.goto(pathToFileURL(join(out, 'topology.html')).href);
    await take('topology', 600);
    await tab.goto(pathToFileURL(join(out, 'index.html')).href);
    await tab.click('[data-grid] a.changed');
    await tab.waitForURL('**/tests/**');
    await take('test', 1180);
    await tab.click('.tabs a:has-text("Route history")');
    await tab.waitForURL('**/history.html');
    await take('history', 900);
    await tab.close();
  }
  await browser.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
