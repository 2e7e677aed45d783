import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openForAdmin, openStore } from '../../../src/store/open.ts';
import { moduleUrl, startChild } from '../../helpers/child.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { midnight } from './samples.ts';

const day = 86_400;
const perDay = 144;

/**
 * A process that repeats, day by day, what runs and administrators do: append, finalize, prune all
 * but the last day, vacuum, back up.
 */
function keeper(dir: string, backup: string) {
  return startChild(`
    import { openForAdmin, openStore } from ${moduleUrl('src/store/open.ts')};
    import { listedTest, periodAt, readingOf, routeThrough, traceAt } from ${moduleUrl('test/integration/store/samples.ts')};
    const store = openStore(${JSON.stringify(dir)}, ${midnight});
    const admin = openForAdmin(${JSON.stringify(dir)}, ${midnight}, 'write');
    store.upsertTests([listedTest('a')], ${midnight});
    const [{ newestTraceAt }] = store.tests();
    const begun = newestTraceAt === null ? 0 : Math.floor((newestTraceAt - ${midnight}) / ${day}) + 1;
    const settle = (index) => {
      const period = periodAt(index * ${day}, index * ${day} + 85800, ${perDay}, { continues: index > 0 });
      store.finalizeDay('a', ${midnight} + index * ${day}, [period]);
    };
    for (const { from } of store.unfinalizedTests(${midnight} + begun * ${day})) settle((from - ${midnight}) / ${day});
    for (let index = begun; ; index++) {
      const from = ${midnight} + index * ${day};
      const traces = Array.from({ length: ${perDay} }, (_, nth) =>
        traceAt(from + nth * 600, routeThrough('192.0.2.1', '10.' + index % 256 + '.' + nth + '.1')));
      store.append('a', readingOf(traces, { interval: { from, to: from + ${day} - 1 } }));
      settle(index);
      store.prune(from);
      if (index % 5 === 4) admin.vacuum();
      admin.backup(${JSON.stringify(backup)});
      console.log('day');
    }
  `);
}

test('a process killed while it finalizes, prunes, vacuums or backs up loses nothing', async () => {
  const folder = tempDir();
  const dir = join(folder, 'var');
  const copies = join(folder, 'copies');
  mkdirSync(copies);
  for (const delay of [0, 7, 19, 40, 80]) {
    const child = keeper(dir, join(copies, 'pstrace.db'));
    expect(await child.line()).toBe('day');
    await wait(delay + Math.random() * 10);
    await child.kill();

    const admin = openForAdmin(dir, midnight, 'read');
    const { faults } = admin.check();
    admin.close();
    expect(faults).toEqual([]);
    const store = openStore(dir, midnight);
    expect(store.problems).toEqual([]);
    const newest = store.tests()[0]?.newestTraceAt ?? 0;
    const { periods, until } = store.routeHistory('a', newest + 1, 10_000);
    const rest = store.traces('a', { from: until, to: newest });
    const finalized = periods.reduce((sum, period) => sum + period.traces, 0);
    expect(finalized + rest.length).toBe((newest - midnight) / 600 + 1);
    store.close();
  }
  expect(existsSync(join(copies, 'pstrace.db'))).toBe(true);
  const copy = openForAdmin(copies, midnight, 'read');
  onTestFinished(() => copy.close());
  expect(copy.check().faults).toEqual([]);
});
