import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test, vi } from 'vitest';
import { patientOutbox } from '../../../../src/pipeline/notify/patientOutbox.ts';
import { openStore } from '../../../../src/store/open.ts';
import { tempDir } from '../../../helpers/tempDir.ts';
import type { Place } from '../../cli/command.ts';
import { runAt, startAt } from '../../faults/pstraceAt.ts';
import { changeAt, scene } from './scene.ts';

vi.setConfig({ testTimeout: 60_000 });

const good = { code: 0, stdout: '', stderr: '' };
const later = changeAt + 5400;

/** The configuration file of a place. */
function configOf({ options }: Place): string {
  return options[options.indexOf('--config') + 1] ?? '';
}

/** Newest traces in a state folder, epoch seconds. */
function newestTraces(state: string): (number | null)[] {
  const store = openStore(state, later, 'read');
  const newest = store.tests().map(({ newestTraceAt }) => newestTraceAt);
  store.close();
  return newest;
}

test('while a run delivers, the next one collects, and sends nothing twice', async () => {
  const arrived = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const { box, at, args } = await scene(2, {
    async onMessage() {
      arrived.resolve();
      await released.promise;
    },
  });
  const config = configOf(at);
  writeFileSync(config, readFileSync(config, 'utf8').replace('"2s"', '"50s"'));
  expect(await runAt(changeAt - 60, args)).toEqual(good);
  const delivering = startAt(later, args).ended;
  await arrived.promise;
  const before = newestTraces(at.state);
  expect(await runAt(later + 1800, args)).toEqual(good);
  expect(newestTraces(at.state)).not.toEqual(before);
  expect(box.received).toHaveLength(0);
  released.resolve();
  expect(await delivering).toEqual(good);
  expect(await runAt(later + 1860, args)).toEqual(good);
  expect(box.received).toHaveLength(1);
});

test('a delivery is recorded also when another process has locked the database for long', async () => {
  const state = tempDir();
  const store = openStore(state, later);
  const facts = { recipient: 'noc', kind: 'alert', thread: null, plannedAt: later } as const;
  const message = { ...facts, key: 'noc/i/1', messageId: '<a@b>', notices: [], body: '{}' };
  store.outbox.enqueue([message]);
  const other = new DatabaseSync(join(state, 'pstrace.db'));
  other.exec('BEGIN IMMEDIATE');
  const outbox = patientOutbox(store.outbox, null, new AbortController().signal);
  const recorded = outbox.markSent(message.key, later);
  other.exec('ROLLBACK');
  other.close();
  await recorded;
  expect(store.outbox.pending()).toEqual([]);
  store.close();
});

test('a message that cannot be composed costs neither incidents nor other recipients, and goes out once it can', async () => {
  const template = join(tempDir(), 'chat.njk');
  writeFileSync(template, '{"text": {{ subject }}}');
  const chat = `
    [[recipient]]
    name = "chat"
    webhook = "http://127.0.0.1:9/"
    webhook_template = "${template}"`;
  const { box, at, args } = await scene(2, {}, changeAt, chat);
  chmodSync(configOf(at), 0o600);
  expect(await runAt(changeAt - 60, args)).toEqual(good);
  const run = await runAt(later, args);
  expect(run.code).toBe(75);
  expect(run.stderr).toContain('webhook of chat: A notification cannot be composed.');
  expect(box.received).toHaveLength(1);
  const planned = () => {
    const store = openStore(at.state, later, 'read');
    const recipients = store.outbox.all().map(({ recipient }) => recipient);
    expect(store.incidents.since(0)).toHaveLength(1);
    store.close();
    return recipients;
  };
  expect(planned()).toEqual(['noc:noc@example.org']);
  writeFileSync(template, '{"text": {{ subject | dump }}}');
  await runAt(later + 60, args);
  expect(planned()).toEqual(['noc:noc@example.org', 'chat:webhook']);
});
