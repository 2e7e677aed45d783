import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { play, readScenario } from './scenario.ts';

const folder = join(import.meta.dirname, 'scenarios');

describe('scenarios', () => {
  for (const file of readdirSync(folder).sort()) {
    const scenario = readScenario(readFileSync(join(folder, file), 'utf8'));
    test(scenario.title, () => {
      for (const seed of [1, 2, 3]) {
        const found = play(scenario, seed).map(({ text }) => text);
        expect(found, `${file}, seed ${seed}`).toEqual(scenario.expected);
      }
    });
  }
});
