import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { migrations } from '../../../src/store/db/migrations.ts';
import { place } from '../cli/command.ts';
import { serve } from '../pipeline/mesh.ts';
import { midnight } from '../store/samples.ts';
import { livelyMesh } from './mesh.ts';
import { contentOf } from './outcome.ts';
import { runAt } from './pstraceAt.ts';

const good = { code: 0, stdout: '', stderr: '' };
const fixtures = new URL('../../fixtures/store/', import.meta.url);

/** Layouts without a state of the detection; the fixtures of later ones have an artificial one. */
const beforeDetection = migrations.filter(({ version }) => version < 3);

test.each(beforeDetection)(
  'the next run continues with all content of a state of layout $version',
  async ({ version }) => {
    const now = midnight + 3600;
    const archive = await serve(livelyMesh(2, 20, now));
    const at = place();
    mkdirSync(at.state);
    const database = new DatabaseSync(join(at.state, 'pstrace.db'));
    database.exec(readFileSync(new URL(`version-${version}.sql`, fixtures), 'utf8'));
    const known = database.prepare('SELECT id FROM test').all();
    database.close();
    for (const later of [0, 600])
      expect(await runAt(now + later, [archive.base, '3d', ...at.options])).toEqual(good);
    const records = contentOf(at.state).map((line) => JSON.parse(line));
    const ids = new Set(records.flatMap(({ record, id }) => (record === 'test' ? [id] : [])));
    expect(ids.size).toBe(known.length + 2);
    for (const { id } of known) expect(ids).toContain(id);
    const detected = records.flatMap((each) => (each.record === 'detection' ? [each.test] : []));
    // The archive runs its tests regularly; the fixture has traces as if they were run by hand.
    expect(detected.length).toBeGreaterThanOrEqual(2);
  },
);
