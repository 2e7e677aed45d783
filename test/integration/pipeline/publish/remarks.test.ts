import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runAt } from '../../faults/pstraceAt.ts';
import { changeAt, scene } from '../notify/scene.ts';

const hour = 3600;

test('pages show who acknowledged and silenced what and why, also those that render writes', async () => {
  const { at, args } = await scene();
  expect((await runAt(changeAt - 60, args)).code).toBe(0);
  expect((await runAt(changeAt + hour, args)).code).toBe(0);
  const later = changeAt + hour + 120;
  const { stdout } = await runAt(later, ['ack', ...at.options.slice(2)]);
  const [code = ''] = stdout.split(/\s+/);
  const ack = ['ack', code, '--note', 'ticket 42', ...at.options.slice(2)];
  expect((await runAt(later, ack)).code).toBe(0);
  const silence = ['silence', 'add', '--class', 'inter_as', '--for', '8h', '--reason', 'new fiber'];
  expect((await runAt(later, [...silence, ...at.options.slice(2)])).code).toBe(0);
  expect((await runAt(later + 60, ['render', ...at.options])).code).toBe(0);
  const page = (name: string) => readFileSync(join(at.out, name), 'utf8');
  for (const name of ['index.html', 'changes.html']) {
    expect(page(name)).toMatch(/Acknowledged on 2026-11-20 13:02 UTC( by \w+)?: ticket 42</);
    expect(page(name)).toMatch(/Silenced until 2026-11-20 21:02 UTC( by \w+)?: new fiber</);
  }
  const [incident] = JSON.parse(page('data/incidents.json')).incidents;
  expect(incident).toMatchObject({ acknowledgedAt: later, acknowledgedNote: 'ticket 42' });
  expect(
    (await runAt(later + 60, ['render', '--until', String(later - 60), ...at.options])).code,
  ).toBe(0);
  expect(page('changes.html')).toContain('View of <time datetime="2026-11-20T13:01:00Z">');
  expect(page('changes.html')).not.toMatch(/Acknowledged|Silenced/);
});
