import { Script } from 'node:vm';
import { expect, it } from 'vitest';
import { bundleScripts } from '../../../src/report/bundleScripts.ts';

const scripts = await bundleScripts();

it('each script of the pages is a classic one without control characters', () => {
  expect(scripts.size).toBeGreaterThan(5);
  for (const [name, code] of scripts) {
    expect(() => new Script(code), name).not.toThrow();
    expect(code.replaceAll('\n', ''), name).not.toMatch(/\p{Cc}/u);
  }
});

it('a script that contains a package contains its license, and no other script does', () => {
  const licensed = [...scripts].filter(([, code]) => code.startsWith('/*\nCopyright'));
  const names = licensed.map(([name]) => name);
  expect(names).toContain('chart.js');
  expect(names).not.toContain('theme.js');
});
