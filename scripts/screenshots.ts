import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launchChromium } from '../test/helpers/chromium.ts';
import { pstraceAt } from '../test/helpers/pstraceAt.ts';

/** 2026-03-01 12:00:00 UTC: the demo looks the same each time. */
const madeAt = 1772366400;
const images = join(import.meta.dirname, '../docs/images');
const place = mkdtempSync(join(tmpdir(), 'pstrace-screenshots-'));

try {
  const out = join(place, 'html');
  const { code, stderr } = await pstraceAt(madeAt, [
    ...['demo', '--out', out, '--state', join(place, 'var')],
  ]);
  if (code !== 0) throw new Error(stderr);
  mkdirSync(images, { recursive: true });
  const browser = await launchChromium();
  const tab = await browser.newPage({ viewport: { width: 1300, height: 820 } });
  await tab.clock.setFixedTime((madeAt + 240) * 1000);
  await tab.goto(pathToFileURL(join(out, 'index.html')).href);
  await tab.screenshot({ path: join(images, 'matrix.png') });
  await tab.click('[data-grid] a.changed');
  await tab.waitForURL('**/tests/**');
  await tab.setViewportSize({ width: 1300, height: 1180 });
  await tab.screenshot({ path: join(images, 'test.png') });
  await browser.close();
} finally {
  rmSync(place, { recursive: true, force: true });
}
