import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../src/config/load.ts';
import { fileSchema } from '../../../src/config/schema.ts';

const root = join(import.meta.dirname, '../../..');
const file = join(root, 'conf/pstrace.example.toml');
const sample = readFileSync(file, 'utf8');

/** Comments have a space after the `#`, commented-out keys have none. */
const uncommented = sample.replace(/^#(?=[[a-z])/gm, '');

/** Each block with only its required keys. */
const minimal = `
  [[archive]]
  url = "ma.example.org"
  [[recipient]]
  name = "noc"
  to = "noc@example.org"
  [[group]]
  name = "backbone"
  tests = "*"
  [[maintenance]]
  reason = "works"
  weekly = "Sun 02:00-03:00"
  [[policy]]
`;

/** The sorted keys of a file with their tables: `['archive', 'archive.url', …, 'window']`. */
function keys(value: unknown): string[] {
  const found = Object.entries(value as object).flatMap(([key, inner]) => {
    const block = Array.isArray(inner) ? inner[0] : inner;
    const isTable = typeof block === 'object' && block !== null && blocks.has(key);
    return [key, ...(isTable ? keys(block).map((name) => `${key}.${name}`) : [])];
  });
  return found.sort();
}

const blocks = new Set(Object.keys(fileSchema.shape));

describe('the sample configuration', () => {
  test('equals an empty file as delivered', () => {
    expect(parseConfig(sample, file, root)).toEqual(parseConfig('', file, root));
  });

  test('gives the defaults with every key uncommented, except for its sample blocks', () => {
    const shown = { archives: null, alerts: null, groups: null, policies: null };
    const { config } = parseConfig(uncommented, file, root);
    const defaults = parseConfig(minimal, file, root).config;
    expect({ ...config, ...shown }).toEqual({ ...defaults, ...shown });
    // The sample states the default of an archive's concurrency, which is that of [http].
    expect(config?.archives).toEqual([
      { ...defaults?.archives[0], concurrency: defaults?.concurrency },
    ]);
    expect({ ...config?.alerts, maintenance: null }).toEqual({
      ...defaults?.alerts,
      maintenance: null,
    });
    expect(config?.alerts?.maintenance).toMatchObject([{ time: { kind: 'weekly' }, tests: [] }]);
    expect(config?.policies[0]).toMatchObject({ mustTraverse: [], maxHops: Infinity });
  });

  test('allows tables to appear again at its end, if only one place sets their keys', () => {
    const own = '[site]\ntitle = "mine"\n[email]\nserver = "mail.example.org"\n';
    const behind = parseConfig(`${sample}\n${own}`, file, root);
    expect(behind).toEqual(parseConfig(own, file, root));
    const twice = sample.replace('#server = "localhost"', 'server = "localhost"');
    const line = sample.split('\n').length + 3;
    expect(parseConfig(`${twice}\n${own}`, 'p.toml', root).faults).toMatchObject([
      { message: expect.stringContaining(`p.toml:${line}:`) },
    ]);
  });

  test('holds exactly the keys of the schema', () => {
    const known = fileSchema.parse(getStaticTOMLValue(parseTOML(minimal)));
    const written = getStaticTOMLValue(parseTOML(uncommented));
    expect(keys(written)).toEqual(keys(known));
  });

  test('has a comment above every key', () => {
    const lines = sample.split('\n');
    const bare = lines.filter(
      (line, index) => /^#[a-z]/.test(line) && !lines[index - 1]?.startsWith('# '),
    );
    expect(bare).toEqual([]);
  });
});
