import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const project = mkdtempSync(join(tmpdir(), 'pstrace-layers-'));
afterAll(() => rmSync(project, { recursive: true }));

/** A file of the planted project and its code. */
type Planted = readonly [file: string, code: string];

const importing = (path: string) => `export { a } from '${path}';`;

const forbidden: readonly Planted[] = [
  ['src/model/planted.ts', importing('../analysis/a.ts')],
  ['src/model/planted.ts', importing('../lib/a.ts')],
  ['src/model/planted.ts', importing('date-fns')],
  ['src/model/planted.ts', importing('node:path')],
  ['src/analysis/planted.ts', importing('../store/a.ts')],
  ['src/analysis/planted.ts', importing('../lib/a.ts')],
  ['src/analysis/planted.ts', importing('node:fs')],
  ['src/analysis/window/planted.ts', importing('../../lib/a.ts')],
  ['src/analysis/window/mesh/planted.ts', importing('../../../report/a.ts')],
  ['src/analysis/detection/route/planted.ts', importing('../../../lib/a.ts')],
  ['src/analysis/planted.ts', 'export const a = Date.now();'],
  ['src/analysis/detection/planted.ts', 'export const a = process.pid;'],
  ['src/sources/planted.ts', importing('../store/a.ts')],
  ['src/sources/esmond/planted.ts', importing('../../analysis/a.ts')],
  ['src/store/planted.ts', importing('../report/a.ts')],
  ['src/store/db/planted.ts', importing('../../sources/a.ts')],
  ['src/report/planted.ts', importing('../analysis/a.ts')],
  ['src/report/svg/planted.ts', importing('../../sources/a.ts')],
  ['src/report/lists/planted.ts', importing('../../notify/a.ts')],
  ['src/notify/planted.ts', importing('../store/a.ts')],
  ['src/notify/message/planted.ts', importing('../../report/a.ts')],
  ['src/notify/channels/mail/planted.ts', importing('../../../store/a.ts')],
  ['src/mask/planted.ts', importing('../store/a.ts')],
  ['src/lib/planted.ts', importing('../config/a.ts')],
  ['src/lib/http/planted.ts', importing('../../sources/a.ts')],
  ['src/config/planted.ts', importing('../sources/a.ts')],
  ['src/pipeline/planted.ts', importing('../cli/a.ts')],
  ['src/pipeline/planted.ts', importing('../monitor/a.ts')],
  ['src/pipeline/publish/planted.ts', importing('../../demo/a.ts')],
  ['src/monitor/planted.ts', importing('../report/a.ts')],
  ['src/monitor/planted.ts', importing('../cli/a.ts')],
  ['src/demo/planted.ts', importing('../cli/a.ts')],
  ['src/cli/planted.ts', importing('../store/a.ts')],
  ['src/cli/planted.ts', importing('../sources/a.ts')],
  ['src/cli/planted.ts', importing('../analysis/a.ts')],
  ['src/cli/commands/planted.ts', importing('../../report/a.ts')],
  ['src/cli/commands/planted.ts', importing('../../notify/a.ts')],
];
const allowed: readonly Planted[] = [
  ['src/model/planted.ts', importing('d3-array')],
  ['src/analysis/planted.ts', importing('../model/a.ts')],
  ['src/analysis/window/mesh/planted.ts', importing('../../../model/a.ts')],
  ['src/analysis/window/mesh/planted.ts', importing('../../detection/a.ts')],
  ['src/analysis/window/planted.ts', importing('../a.ts')],
  ['src/sources/esmond/planted.ts', importing('../../lib/a.ts')],
  ['src/sources/esmond/planted.ts', importing('../mtr/a.ts')],
  ['src/sources/esmond/planted.ts', importing('../../model/a.ts')],
  ['src/report/svg/planted.ts', importing('../format.ts')],
  ['src/report/matrix/planted.ts', importing('../svg/a.ts')],
  ['src/store/db/planted.ts', importing('../traces/a.ts')],
  ['src/notify/planted.ts', importing('../model/a.ts')],
  ['src/config/planted.ts', importing('../lib/a.ts')],
  ['src/pipeline/collect/planted.ts', importing('../../sources/a.ts')],
  ['src/pipeline/collect/planted.ts', importing('../session.ts')],
  ['src/monitor/planted.ts', importing('../pipeline/a.ts')],
  ['src/demo/planted.ts', importing('../pipeline/a.ts')],
  ['src/cli/commands/planted.ts', importing('../../pipeline/a.ts')],
  ['src/cli/commands/planted.ts', importing('../options.ts')],
];

/** Two files that need each other's types only. */
const circle: readonly Planted[] = [
  ['src/store/one.ts', "import type { Two } from './two.ts';\nexport interface One { two: Two }"],
  ['src/store/two.ts', "import type { One } from './one.ts';\nexport interface Two { one: One }"],
];

/** Indexes of the planted files that break one of some rules, by the linter's own report. */
function violations(planted: readonly Planted[], rules: RegExp): Set<number> {
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
  const broken = diagnostics.filter((one) => rules.test(one.category));
  return new Set(
    files.flatMap((file, index) =>
      broken.some((one) => one.location.path === file) ? [index] : [],
    ),
  );
}

/** Six parameters, and a function of cognitive complexity 16. */
const complex: readonly Planted[] = [
  [
    'src/pipeline/planted.ts',
    'export const a = (b: 1, c: 1, d: 1, e: 1, f: 1, g: 1) => [b, c, d, e, f, g];',
  ],
  [
    'src/cli/planted.ts',
    `export function a(n: number): number {
  if (n < 0) return 0;
  for (;;) if (n > 1) while (n > 2) if (n > 3) for (;;) return n;
}`,
  ],
];

const layerRules = /noRestricted(Imports|Globals)/;

test('the linter finds every planted violation of the layer rules', () => {
  const found = violations(forbidden, layerRules);
  expect(forbidden.filter((_, index) => !found.has(index))).toEqual([]);
});

test('the linter accepts what the layer rules allow', () => {
  const found = violations(allowed, layerRules);
  expect(allowed.filter((_, index) => found.has(index))).toEqual([]);
});

test('the linter finds a circle of types', () => {
  expect(violations(circle, /noImportCycles/)).toEqual(new Set([0, 1]));
});

test('the linter finds a function with six parameters, and a complex one', () => {
  expect(violations(complex.slice(0, 1), /useMaxParams/)).toEqual(new Set([0]));
  expect(violations(complex.slice(1), /noExcessiveCognitiveComplexity/)).toEqual(new Set([0]));
});
