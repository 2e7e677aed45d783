import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { packJson } from '../../../src/store/db/packedJson.ts';
import { pages, place } from '../cli/command.ts';
import { serve } from '../pipeline/mesh.ts';
import { livelyMesh, noon } from './mesh.ts';
import { contentOf } from './outcome.ts';
import { runAt } from './pstraceAt.ts';

test('a bug in the recording of changes is reported with its stack, and costs no page', async () => {
  const archive = await serve(livelyMesh(3, 60, noon));
  const at = place();
  const run = (now: number) => runAt(now, [archive.base, '12h', ...at.options]);
  expect((await run(noon - 3600)).code).toBe(0);
  const database = new DatabaseSync(join(at.state, 'pstrace.db'));
  const add = database.prepare('INSERT INTO pending_finding (body) VALUES (?)');
  add.run(packJson({ kind: 'change', change: { class: 'inter_as', detectedAt: noon } }));
  add.run(packJson({ kind: 'change', change: null }));
  database.close();
  const { code, stderr } = await run(noon);
  expect(code).toBe(75);
  expect(stderr).toMatch(/error: this is a bug in pstrace, please report it: .* subject=changes\n/);
  expect(stderr).toMatch(/ {4}at recordIncidents/);
  expect(stderr).toMatch(/warning: changes: pstrace itself failed here/);
  const shown = JSON.parse(pages(at.out).get('data/matrix.json') ?? '').cells;
  expect(shown.map(({ lastTraceAt }: { lastTraceAt: number }) => noon - lastTraceAt)).toEqual([
    1, 2, 3,
  ]);
  // Nothing that is pending is lost.
  const kept = contentOf(at.state).filter((line) => JSON.parse(line).record === 'pendingFinding');
  expect(kept.length).toBeGreaterThanOrEqual(2);
});
