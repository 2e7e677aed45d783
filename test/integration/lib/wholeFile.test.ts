import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writePrivateFile } from '../../../src/lib/atomicFile.ts';
import { tempDir } from '../../helpers/tempDir.ts';

test('the next write removes temporary files of killed processes, not those of running ones', () => {
  const dir = tempDir();
  const { pid: gone } = spawnSync('true');
  const names = [
    `a.json.${gone}.new`,
    `a.json.${process.ppid}.new`,
    'a.json.old.new',
    'b.json.1.new',
  ];
  for (const name of names) writeFileSync(join(dir, name), 'half');
  writePrivateFile(join(dir, 'a.json'), 'whole');
  expect(readdirSync(dir).toSorted()).toEqual(['a.json', ...names.slice(1)].toSorted());
  expect(readFileSync(join(dir, 'a.json'), 'utf8')).toBe('whole');
});
