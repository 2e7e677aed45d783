import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const project = mkdtempSync(join(tmpdir(), 'pstrace-layers-'));
afterAll(() => rmSync(project, { recursive: true }));

const forbidden: readonly (readonly [file: string, code: string])[] = [
  ['src/model/planted.ts', "export { a } from '../analysis/a.ts';"],
  ['src/model/planted.ts', "export { a } from 'date-fns';"],
  ['src/analysis/planted.ts', "export { a } from '../store/a.ts';"],
  ['src/analysis/planted.ts', "export { a } from '../lib/a.ts';"],
  ['src/analysis/planted.ts', "export { a } from 'node:fs';"],
  ['src/analysis/planted.ts', 'export const a = Date.now();'],
  ['src/analysis/planted.ts', 'export const a = process.pid;'],
  ['src/sources/planted.ts', "export { a } from '../store/a.ts';"],
  ['src/sources/esmond/planted.ts', "export { a } from '../../analysis/a.ts';"],
  ['src/store/planted.ts', "export { a } from '../report/a.ts';"],
  ['src/report/planted.ts', "export { a } from '../analysis/a.ts';"],
  ['src/report/svg/planted.ts', "export { a } from '../../sources/a.ts';"],
  ['src/report/matrix/planted.ts', "export { a } from '../../analysis/a.ts';"],
  ['src/notify/planted.ts', "export { a } from '../store/a.ts';"],
  ['src/notify/mail/planted.ts', "export { a } from '../../report/a.ts';"],
  ['src/demo/planted.ts', "export { a } from '../store/a.ts';"],
  ['src/lib/planted.ts', "export { a } from '../model/a.ts';"],
  ['src/config/planted.ts', "export { a } from '../sources/a.ts';"],
];
const allowed: readonly (readonly [file: string, code: string])[] = [
  ['src/analysis/planted.ts', "export { a } from '../model/a.ts';"],
  ['src/sources/esmond/planted.ts', "export { a } from '../../lib/a.ts';"],
  ['src/sources/esmond/planted.ts', "export { a } from '../../model/a.ts';"],
  ['src/report/svg/planted.ts', "export { a } from '../format.ts';"],
  ['src/report/matrix/planted.ts', "export { a } from '../svg/a.ts';"],
  ['src/notify/planted.ts', "export { a } from '../model/a.ts';"],
  ['src/config/planted.ts', "export { a } from '../lib/a.ts';"],
  ['src/config/planted.ts', "export { a } from '../model/a.ts';"],
  ['src/cli/planted.ts', "export { a } from '../store/a.ts';"],
];

/** Files of the planted project that break a layer rule, by the linter's own report. */
function violations(planted: readonly (readonly [string, string])[]): Set<number> {
  rmSync(join(project, 'src'), { recursive: true, force: true });
  copyFileSync(join(root, 'biome.json'), join(project, 'biome.json'));
  const files = planted.map(([file, code], index) => {
    const path = file.replace('planted', `planted${index}`);
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), `${code}\n`);
    return path;
  });
  const command = [
    'lint',
    '--vcs-enabled=false',
    '--reporter=json',
    '--max-diagnostics=none',
    'src',
  ];
  const biome = join(root, 'node_modules/.bin/biome');
  let report: string;
  try {
    report = execFileSync(biome, command, { cwd: project, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    report = (error as { stdout: string }).stdout;
  }
  const { diagnostics } = JSON.parse(report) as {
    diagnostics: { category: string; location: { path: string } }[];
  };
  const broken = diagnostics.filter((one) => /noRestricted(Imports|Globals)/.test(one.category));
  return new Set(
    files.flatMap((file, index) =>
      broken.some((one) => one.location.path === file) ? [index] : [],
    ),
  );
}

test('the linter sees every planted violation of the layer rules', () => {
  const found = violations(forbidden);
  expect(forbidden.filter((_, index) => !found.has(index))).toEqual([]);
});

test('the linter lets pass what the layer rules allow', () => {
  const found = violations(allowed);
  expect(allowed.filter((_, index) => found.has(index))).toEqual([]);
});
