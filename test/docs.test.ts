import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchorsIn, codeLinesIn, linksIn, proseLinesIn, tablesIn } from './helpers/markdown.ts';

const root = join(import.meta.dirname, '..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const pages = globSync(['*.md', 'docs/*.md'], { cwd: root }).sort();
const manifest = JSON.parse(read('package.json'));

/** The fault of a link in a file; null for a valid link, and for one to another site. */
function fault(file: string, link: string): string | null {
  if (/^[a-z]+:/.test(link)) return null;
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? file : relative(root, join(root, dirname(file), path));
  if (target.startsWith('..') || !existsSync(join(root, target))) return `${link}: no such file`;
  if (anchor === undefined || anchorsIn(read(target)).includes(anchor)) return null;
  return `${link}: no such anchor`;
}

test('the README links every page of the docs', () => {
  const links = linksIn(read('README.md'));
  expect(pages.filter((page) => page.startsWith('docs/') && !links.includes(page))).toEqual([]);
});

test('a dead link or anchor is found', () => {
  expect(fault('docs/data.md', 'no.md')).toBe('no.md: no such file');
  expect(fault('docs/data.md', '../../etc')).toBe('../../etc: no such file');
  expect(fault('docs/data.md', '#no')).toBe('#no: no such anchor');
  expect(fault('docs/data.md', 'alerts.md#delivery')).toBeNull();
  const markdown = 'A [link\nto](a.md), `[no](link)`.\n\n<img src="b.png">\n';
  expect(linksIn(markdown)).toEqual(['a.md', 'b.png']);
  expect(anchorsIn('# The `a.b` file\n\n## A – B\n\n## A – B\n')).toEqual([
    'the-ab-file',
    'a--b',
    'a--b-1',
  ]);
});

describe.each(pages)('%s', (page) => {
  const text = read(page);

  test('has no dead link', () => {
    const faults = linksIn(text).map((link) => fault(page, link));
    expect(faults.filter((one) => one !== null)).toEqual([]);
  });

  test('names only scripts of the package', () => {
    const names = [...text.matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(
      ([, name = '']) => name,
    );
    expect(names.filter((name) => manifest.scripts[name] === undefined)).toEqual([]);
  });

  test('names only files that exist', () => {
    const files = codeLinesIn(text).flatMap(
      (line) =>
        line.match(/(?<![\w./-])(?:src|test|schemas|templates|docs|bin)\/[\w./-]*\w/g) ?? [],
    );
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  test('breaks its lines at 100 columns', () => {
    expect(proseLinesIn(text).filter((line) => line.length > 100)).toEqual([]);
  });
});

test('docs/development.md lists every folder of the code, and every one of the repository', () => {
  const [rooms = [], folders = []] = tablesIn(read('docs/development.md'), 'Folder');
  const named = (rows: readonly string[][]) => rows.map(([name = '']) => name).sort();
  expect(named(rooms)).toEqual(globSync('src/*', { cwd: root }).sort());
  const localFolders = ['coverage', 'dist', 'html', 'node_modules', 'src', 'var'];
  const present = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name);
  expect(named(folders)).toEqual(present.filter((name) => !localFolders.includes(name)).sort());
});

interface LintOverride {
  readonly includes: readonly string[];
  readonly linter: {
    readonly rules: {
      readonly style?: {
        readonly noRestrictedImports?: {
          readonly options: { readonly patterns: readonly { readonly group: readonly string[] }[] };
        };
      };
    };
  };
}

/** The other folders of the code that modules of a folder may import, by the linter's rules. */
function permittedFolders(folder: string): string[] {
  const overrides: readonly LintOverride[] = JSON.parse(read('biome.json')).overrides;
  const patterns = overrides
    .filter(({ includes }) => includes.includes(`${folder}/*.ts`))
    .flatMap(({ linter }) => linter.rules.style?.noRestrictedImports?.options.patterns ?? []);
  expect(patterns, folder).toHaveLength(1);
  const names = patterns.flatMap(({ group }) =>
    group.flatMap((pattern) => /^!\.\.\/(\w+)\/\*\*$/.exec(pattern)?.[1] ?? []),
  );
  return names.filter((name) => folder !== `src/${name}`).sort();
}

test('docs/development.md lists the folders that each folder may import, as the linter does', () => {
  const stages = ['sources', 'store', 'analysis', 'report', 'notify', 'mask'];
  const [rows = []] = tablesIn(read('docs/development.md'), 'Folder');
  const listed = rows.map(([folder = '', , names = '']) => [
    folder,
    names
      .split(', ')
      .filter((name) => name !== '')
      .flatMap((name) => (name === 'stages' ? stages : name))
      .sort(),
  ]);
  expect(listed).toEqual(rows.map(([folder = '']) => [folder, permittedFolders(folder)]));
});

test('docs/reliability.md names only tests that exist', () => {
  const rows = ['fault', 'case', 'property'].flatMap((head) =>
    tablesIn(read('docs/reliability.md'), head).flat(),
  );
  const names = rows.flatMap((row) => [...(row.at(-1) ?? '').matchAll(/[\w-]+(?:\/[\w-]+)*/g)]);
  expect(names.length).toBeGreaterThan(50);
  const missing = names.filter(
    ([name]) =>
      globSync([`test/**/${name}.test.ts`, `test/**/${name}/`], { cwd: root }).length === 0,
  );
  expect(missing.map(([name]) => name)).toEqual([]);
});
