import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openSiteWriter } from '../../../src/report/publish/siteWriter.ts';
import { type Child, moduleUrl, startChild } from '../../helpers/child.ts';
import { tempDir } from '../../helpers/tempDir.ts';

const paths = [
  'index.html',
  'status.html',
  ...Array.from({ length: 60 }, (_, index) => `tests/${index}/index.html`),
];

/**
 * Publishes one site after another; each page has the number of its site. Prints a line per site.
 */
function publisher(out: string, firstNumber: number): Child {
  return startChild(`
    import { openSiteWriter } from ${moduleUrl('src/report/publish/siteWriter.ts')};
    for (let number = ${firstNumber}; ; number++) {
      const site = openSiteWriter(${JSON.stringify(out)});
      for (const path of ${JSON.stringify(paths)}) {
        site.write({ path, body: path.endsWith('7/index.html') ? 'the same' : 'site ' + number + ' '.repeat(5000) });
      }
      site.commit();
      console.log(number);
    }
  `);
}

/** The different numbers on the pages. */
function numbersIn(directory: string): Set<string> {
  const bodies = paths.map((path) => readFileSync(join(directory, path), 'utf8').trim());
  return new Set(bodies.filter((body) => body !== 'the same'));
}

test('a run killed at any moment leaves a complete site, and the next run succeeds', async () => {
  const out = tempDir();
  let number = 0;
  for (const delay of [0, 3, 7, 12, 18, 25, 33]) {
    const child = publisher(out, number + 1);
    number = Number(await child.line());
    await wait(delay + Math.random() * 5);
    await child.kill();
    const seen = [...numbersIn(out)];
    expect(seen).toHaveLength(1);
    number = Math.max(number, Number(seen[0]?.split(' ')[1]));
  }
  const site = openSiteWriter(out);
  for (const path of paths) site.write({ path, body: 'site 999' });
  site.commit();
  expect([...numbersIn(out)]).toEqual(['site 999']);
  expect(readdirSync(out).sort()).toEqual(['.site', 'index.html', 'status.html', 'tests']);
  expect(readdirSync(join(out, '.site'))).toHaveLength(4);
});

test('a killed first run leaves no partial site', async () => {
  const out = tempDir();
  const child = startChild(`
    import { openSiteWriter } from ${moduleUrl('src/report/publish/siteWriter.ts')};
    const site = openSiteWriter(${JSON.stringify(out)});
    site.write({ path: 'index.html', body: 'half' });
    console.log('writing');
    process.stdin.resume();
  `);
  expect(await child.line()).toBe('writing');
  await child.kill();
  expect(readdirSync(out)).toEqual(['.site']);
});

test('a reader finds every page at any moment, and no release mixes two runs', async () => {
  const out = tempDir();
  const child = publisher(out, 1);
  await child.line();
  const start = performance.now();
  const seen = new Set<string>();
  for (
    let elapsedMs = 0;
    elapsedMs < 1500 || seen.size <= 3;
    elapsedMs = performance.now() - start
  ) {
    expect(elapsedMs, `the reader saw only ${seen.size} releases`).toBeLessThan(60_000);
    for (const path of paths) {
      expect(readFileSync(join(out, path), 'utf8')).toMatch(/^(site \d+ *|the same)$/);
    }
    const release = readlinkSync(join(out, '.site', 'current'));
    const numbers = releaseNumbers(join(out, '.site', release));
    expect(numbers.length).toBeLessThanOrEqual(1);
    for (const number of numbers) seen.add(number);
    await wait(1);
  }
});

/** Numbers in one release; none if two later runs have removed it. */
function releaseNumbers(directory: string): string[] {
  try {
    return [...numbersIn(directory)];
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOENT' });
    return [];
  }
}
