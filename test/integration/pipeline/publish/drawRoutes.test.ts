import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fakeMtr } from '../../../helpers/fakeMtr.ts';
import { tempDir } from '../../../helpers/tempDir.ts';
import { makeUndeletable } from '../../../helpers/undeletable.ts';
import { pages, place, pstrace } from '../../cli/command.ts';

/** A place with one run of mtr to two targets, and its site. */
async function measured(settings = '') {
  const folder = tempDir();
  const targets = join(folder, 'hosts');
  writeFileSync(targets, '203.0.113.9\n203.0.113.10\n');
  const { command } = fakeMtr(folder);
  const names = '[dns]\nnames = "off"\n';
  const here = place(`[mtr]\ncommand = "${command}"\ntargets = "${targets}"\n${names}${settings}`);
  const write = () => pstrace('--mtr-only', '1h', ...here.options);
  expect((await pstrace('mtr', ...here.options.slice(2))).code).toBe(0);
  expect((await write()).code).toBe(0);
  return { ...here, write };
}

const drawn = (out: string) =>
  [...pages(out).keys()].filter((path) => path.startsWith('routes/')).sort();

test('each route is drawn, with its text, where test and history pages link to', async () => {
  const { out, write } = await measured();
  const files = drawn(out);
  expect(files).toHaveLength(4);
  const site = pages(out);
  for (const [path, body] of site) {
    if (!/tests\/.*(index|history)\.html$/.test(path)) continue;
    const links = [...body.matchAll(/href="([^"]*routes\/[^"]*)"/g)].map(([, href = '']) => href);
    const targets = links.map((href) => normalize(join(path, '..', href)));
    expect(new Set(targets).size).toBe(2);
    for (const target of targets) expect(files).toContain(target);
  }
  const [svg = '', text = ''] = files;
  expect(site.get(svg)).toContain('198.51.100.1');
  expect(site.get(text)).toMatch(/^Start: .*\nHOST: /);
  expect((await write()).code).toBe(0);
  expect(drawn(out)).toEqual(files);
  rmSync(out, { recursive: true });
  expect((await write()).code).toBe(0);
  expect(drawn(out)).toEqual(files);
});

test('what may not be published is in no picture, nor in one that was drawn before', async () => {
  const here = await measured();
  const config = here.options.at(-1) ?? '';
  const masked = await measured('[publish]\nmask = ["198.51.100.0/24"]\n');
  expect(drawn(masked.out)).toHaveLength(4);
  expect([...pages(masked.out).values()].join('')).not.toContain('198.51.100.1');
  writeFileSync(config, '[publish]\nmask = ["198.51.100.0/24"]\n[dns]\nnames = "off"\n');
  expect((await here.write()).code).toBe(0);
  expect(drawn(here.out)).toHaveLength(4);
  expect([...pages(here.out).values()].join('')).not.toContain('198.51.100.1');
  expect(existsSync(join(here.out, '.site/routes'))).toBe(false);
});

test.each(['a run', 'a rendering'])(
  '%s that cannot delete pages with hidden hosts says so and is incomplete',
  async (command) => {
    const here = await measured();
    const held = join(here.out, '.site/1/held');
    mkdirSync(held);
    onTestFinished(makeUndeletable(held));
    writeFileSync(
      here.options.at(-1) ?? '',
      '[publish]\nmask = ["198.51.100.0/24"]\n[dns]\nnames = "off"\n',
    );
    const { code, stderr } = await (command === 'a run'
      ? here.write()
      : pstrace('render', ...here.options));
    expect(code).toBe(75);
    expect(stderr).toContain('cannot delete an old copy of the pages, which shows hidden hosts');
    expect(existsSync(join(here.out, '.site/routes'))).toBe(false);
  },
);
