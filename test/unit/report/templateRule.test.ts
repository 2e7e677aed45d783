import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { templateFolder } from '../../../src/report/templates.ts';

test('templates draw no SVG: drawings are tagged templates', () => {
  const templates = readdirSync(templateFolder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.njk'),
  );
  expect(templates.length).toBeGreaterThan(15);
  const drawing = templates.filter((name) =>
    /<(svg|path|rect)\b/.test(readFileSync(join(templateFolder, name), 'utf8')),
  );
  expect(drawing).toEqual([]);
});
