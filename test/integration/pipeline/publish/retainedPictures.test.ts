import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FakeTest } from '../../../helpers/fakeArchive.ts';
import { place } from '../../cli/command.ts';
import { livelyTest, noon } from '../../faults/mesh.ts';
import { brokenLinks } from '../../faults/outcome.ts';
import { runAt } from '../../faults/pstraceAt.ts';
import { serve } from '../mesh.ts';

const day = 86_400;

test('pages that are not drawn again keep their pictures, also those of pruned traces', async () => {
  const held: FakeTest[] = [];
  const archive = await serve(held);
  const at = place('[http]\nretries = 0\n[store]\nretention = "1d"\n[site]\nredraw = "12h"\n');
  const run = async (now: number) => {
    held.splice(0, held.length, livelyTest(1, 300, now));
    expect(await runAt(now, [archive.base, '24h', ...at.options])).toMatchObject({ code: 0 });
    return brokenLinks(at.out);
  };
  for (const days of [0, 1, 2, 3]) expect(await run(noon + days * day)).toEqual([]);
  const [folder = ''] = readdirSync(join(at.out, 'routes'));
  const pictures = () => readdirSync(join(at.out, 'routes', folder)).sort();
  const known = pictures();
  expect(Number.parseFloat(known[0] ?? '')).toBeLessThan(noon);
  // One of these runs does not draw the pages.
  expect(await run(noon + 3 * day + 300)).toEqual([]);
  expect(await run(noon + 3 * day + 600)).toEqual([]);
  expect(pictures()).toEqual(expect.arrayContaining(known));
});
