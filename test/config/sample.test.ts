import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { fileSchema } from '../../src/config/schema.ts';

const root = join(import.meta.dirname, '../..');
const file = join(root, 'conf/pstrace.toml');
const sample = readFileSync(file, 'utf8');

/** Explanations have a space after the `#`; keys that are commented out have none. */
const uncommented = sample.replace(/^#(?=[[a-z])/gm, '');

/** `['period', 'archive.url', …]` of nested tables; arrays count as their elements. */
function keys(value: unknown, prefix = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => keys(each, prefix));
  if (typeof value !== 'object' || value === null) return [prefix];
  return Object.entries(value).flatMap(([key, inner]) =>
    keys(inner, prefix === '' ? key : `${prefix}.${key}`),
  );
}

describe('the sample configuration', () => {
  test('as delivered it changes nothing', () => {
    expect(parseConfig(sample, file, root)).toEqual(parseConfig('', file, root));
  });

  test('with every comment sign removed it still is the defaults', () => {
    const { config } = parseConfig(uncommented, file, root);
    const defaults = parseConfig('[[archive]]\nurl = "ma.example.org"\n', file, root).config;
    expect({ ...config, archives: null }).toEqual({ ...defaults, archives: null });
    // An archive's concurrency is by default that of [http], which the sample writes out.
    expect(config?.archives).toEqual([
      { ...defaults?.archives[0], concurrency: defaults?.concurrency },
    ]);
  });

  test('it holds every key there is, and no other', () => {
    const known = fileSchema.parse({ archive: [{ url: 'ma.example.org' }] });
    const written = getStaticTOMLValue(parseTOML(uncommented));
    expect(keys(written).sort()).toEqual(keys(known).sort());
  });

  test('every key has a sentence above it', () => {
    const lines = sample.split('\n');
    const bare = lines.filter(
      (line, index) => /^#[a-z]/.test(line) && !lines[index - 1]?.startsWith('# '),
    );
    expect(bare).toEqual([]);
  });
});
