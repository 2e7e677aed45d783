import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { parseConfig } from '../../../../src/config/load.ts';
import { notify } from '../../../../src/pipeline/notify/notify.ts';
import { RunRecord } from '../../../../src/pipeline/runRecord.ts';
import { openStore } from '../../../../src/store/open.ts';
import { sessionAt } from '../../../helpers/sessionAt.ts';
import { tempDir } from '../../../helpers/tempDir.ts';

vi.setConfig({ testTimeout: 60_000 });

const noon = 1_795_178_400;
const window = { from: noon - 3600, to: noon };

test('a failed delivery is recorded once, also when a dry run has locked the database for long', async () => {
  const state = tempDir();
  const store = openStore(state, noon);
  const session = sessionAt(noon);
  const record = new RunRecord(store, window, session);
  record.finish('ok', { written: 1, unchanged: 0 });
  const problem = { kind: 'delivery', subject: 'noc', message: 'refused', remedy: null } as const;
  const notifier = { plan: () => [], printPending: () => {}, deliver: async () => [problem] };
  const other = new DatabaseSync(join(state, 'pstrace.db'));
  other.exec('BEGIN IMMEDIATE');
  const { config } = parseConfig('', join(state, 'p.toml'), state);
  if (config === null) throw new Error('no configuration');
  const run = { store, config, window, record, notifier, session };
  const notified = notify(run, null);
  // The first attempt fails before this timer ends.
  await sleep(1);
  other.exec('ROLLBACK');
  other.close();
  await notified;
  expect(record.outcome).toBe('partial');
  expect(store.runs(1)).toMatchObject([{ outcome: 'partial', problems: [problem] }]);
  store.close();
});
