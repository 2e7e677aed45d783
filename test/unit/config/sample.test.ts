import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../src/config/load.ts';
import { fileSchema } from '../../../src/config/schema.ts';

const root = join(import.meta.dirname, '../../..');
const file = join(root, 'conf/pstrace.toml');
const sample = readFileSync(file, 'utf8');

/** Explanations have a space after the `#`; keys that are commented out have none. */
const uncommented = sample.replace(/^#(?=[[a-z])/gm, '');

/** As little as each block can do with. */
const fewest = `
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

/** `['archive', 'archive.url', 'window', …]`, sorted, of the tables and blocks of a file. */
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
  test('as delivered it changes nothing', () => {
    expect(parseConfig(sample, file, root)).toEqual(parseConfig('', file, root));
  });

  test('with every comment sign removed it still is the defaults, beside the blocks that it shows', () => {
    const shown = { archives: null, alerts: null, groups: null, policies: null };
    const { config } = parseConfig(uncommented, file, root);
    const defaults = parseConfig(fewest, file, root).config;
    expect({ ...config, ...shown }).toEqual({ ...defaults, ...shown });
    // An archive's concurrency is by default that of [http], which the sample writes out.
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

  test('tables may stand behind it once more, as long as they are set in one place alone', () => {
    const own = '[site]\ntitle = "mine"\n[email]\nserver = "mail.example.org"\n';
    const behind = parseConfig(`${sample}\n${own}`, file, root);
    expect(behind).toEqual(parseConfig(own, file, root));
    const twice = sample.replace('#server = "localhost"', 'server = "localhost"');
    const line = sample.split('\n').length + 3;
    expect(parseConfig(`${twice}\n${own}`, 'p.toml', root).faults).toMatchObject([
      { message: expect.stringContaining(`p.toml:${line}:`) },
    ]);
  });

  test('it holds every key there is, and no other', () => {
    const known = fileSchema.parse(getStaticTOMLValue(parseTOML(fewest)));
    const written = getStaticTOMLValue(parseTOML(uncommented));
    expect(keys(written)).toEqual(keys(known));
  });

  test('every key has a sentence above it', () => {
    const lines = sample.split('\n');
    const bare = lines.filter(
      (line, index) => /^#[a-z]/.test(line) && !lines[index - 1]?.startsWith('# '),
    );
    expect(bare).toEqual([]);
  });
});
