import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const sources = globSync('src/**/*.ts', { cwd: root }).sort();
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** Groups with more than one member, for a message that names them. */
function repeated(pairs: readonly (readonly [key: string, file: string])[]): [string, string[]][] {
  const groups = Map.groupBy(pairs, ([key]) => key);
  return [...groups].flatMap(([key, members]) =>
    members.length > 1 ? [[key, members.map(([, file]) => file)] as [string, string[]]] : [],
  );
}

function exportedTypes(code: string): string[] {
  const declaration = /^export (?:abstract )?(?:interface|type|class) (\w+)/gm;
  return [...code.matchAll(declaration)].map(([, name = '']) => name);
}

function countImports(code: string): number {
  return [...code.matchAll(/^import [^;]*? from '[^']+';$/gm)].length;
}

test('the rules find what they are about', () => {
  const code =
    "import { a } from './a.ts';\nimport type {\n  B,\n} from './b.ts';\nexport type C = B;\n";
  expect(countImports(code)).toBe(2);
  expect(exportedTypes(code)).toEqual(['C']);
  expect(
    repeated([
      ['C', 'one'],
      ['C', 'two'],
      ['D', 'one'],
    ]),
  ).toEqual([['C', ['one', 'two']]]);
});

test('no two exported types of src share a name', () => {
  const names = sources.flatMap((file) =>
    exportedTypes(read(file)).map((name) => [name, file] as const),
  );
  expect(names.length).toBeGreaterThan(300);
  expect(repeated(names)).toEqual([]);
});

test('no file name stands for two things within a stage', () => {
  const names = sources.map((file) => {
    const [, stage = ''] = file.split('/');
    return [`${stage}/${basename(file)}`, file] as const;
  });
  expect(repeated(names)).toEqual([]);
});

test('no file of the pipeline imports more than a dozen others', () => {
  const files = sources.filter((file) => file.startsWith('src/pipeline/'));
  const many = files.filter((file) => countImports(read(file)) > 12);
  expect(files.length).toBeGreaterThan(50);
  expect(many).toEqual([]);
});
