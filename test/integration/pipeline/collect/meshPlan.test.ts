import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseConfig } from '../../../../src/config/load.ts';
import { loadMeshPlan } from '../../../../src/pipeline/collect/meshPlan.ts';
import { sessionAt } from '../../../helpers/sessionAt.ts';
import { tempDir } from '../../../helpers/tempDir.ts';

test('finds templates beside the configuration, and goes on without a missing one', async () => {
  const folder = tempDir();
  const template = {
    addresses: { a: { address: 'ps-a.example.net' }, b: { address: 'ps-b.example.net' } },
    groups: { g: { type: 'mesh', addresses: [{ name: 'a' }, { name: 'b' }] } },
    tests: { t: { type: 'trace', spec: { dest: '{% address[1] %}' } } },
    tasks: { x: { group: 'g', test: 't' } },
  };
  writeFileSync(join(folder, 'mesh.json'), JSON.stringify(template));
  const text = '[psconfig]\nurl = ["mesh.json", "gone.json"]\n';
  const { config } = parseConfig(text, join(folder, 'pstrace.toml'), folder);
  if (config === null) throw new Error('refused');
  const { plan, problems } = await loadMeshPlan(config, false, sessionAt(0));
  expect(plan?.tests).toHaveLength(2);
  expect(problems.map(({ subject }) => subject)).toEqual([join(folder, 'gone.json')]);
});
