import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { analyzeTest } from '../../../src/analysis/window/analyzeTest.ts';
import { outcome } from './outcome.ts';
import { readScenario } from './scenario.ts';

const folder = new URL('../../scenarios/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));

describe('scenarios', () => {
  test.each(files)('%s', (name) => {
    const { input, expected, nameOf } = readScenario(readFileSync(new URL(name, folder), 'utf8'));
    const found = outcome(analyzeTest(input), nameOf);
    const asked = Object.fromEntries([...expected.keys()].map((key) => [key, found[key]]));
    expect(expected.size).toBeGreaterThan(0);
    expect(asked).toEqual(Object.fromEntries(expected));
  });

  test('every file begins with the sentence it protects', () => {
    for (const name of files) {
      expect(readFileSync(new URL(name, folder), 'utf8'), name).toMatch(/^# [A-Z].*\.\n/);
    }
  });
});
