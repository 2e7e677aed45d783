import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { moduleUrl, startChild } from '../../helpers/child.ts';
import { openMailbox } from '../../helpers/notify/mailbox.ts';
import { tempDir } from '../../helpers/tempDir.ts';

const messages = 60;
const kills = 12;

/** A run: plans what is to be told, puts it into the outbox, hands over what waits, as a process of its own. */
function runOf(file: string, port: number): string {
  return `
    import { DatabaseSync } from 'node:sqlite';
    import { openOutbox, outboxSql } from ${moduleUrl('src/store/alerts/outbox.ts')};
    import { createTransactions } from ${moduleUrl('src/store/db/transactions.ts')};
    import { deliver } from ${moduleUrl('src/notify/channels/deliver.ts')};
    import { mailChannel } from ${moduleUrl('src/notify/channels/mail/mailChannel.ts')};
    import { messageIdOf } from ${moduleUrl('src/notify/routing/buildNotification.ts')};
    const database = new DatabaseSync(${JSON.stringify(file)}, { timeout: 5000 });
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    database.exec(${'`'}BEGIN; \${outboxSql.replaceAll('CREATE TABLE', 'CREATE TABLE IF NOT EXISTS').replaceAll('CREATE INDEX', 'CREATE INDEX IF NOT EXISTS')} COMMIT${'`'});
    const outbox = openOutbox(database, createTransactions(database, () => {}).transaction);
    const channel = mailChannel({
      server: { kind: 'smtp', host: '127.0.0.1', port: ${port}, security: 'none', user: null, password: null, caPem: null, insecure: false, timeoutSeconds: 10 },
      from: 'alerts@example.org',
      addresses: new Map([['noc', 'noc@example.org']]),
    });
    const body = JSON.stringify({ subject: 'alert', text: 'x'.repeat(20000), html: '<p>x', references: [] });
    outbox.enqueue(Array.from({ length: ${messages} }, (_, index) => {
      const key = \`noc/incident-\${index}/1\`;
      return { key, recipient: 'noc', kind: 'alert', thread: null, plannedAt: 1000, messageId: messageIdOf(key, 'example.org', null), notices: [], body };
    }));
    console.log('begun');
    const report = await deliver(outbox, () => channel, 2000, new AbortController().signal);
    console.log(JSON.stringify(report));
    process.exit(0);
  `;
}

test('kill -9 at any moment loses no alert, and repeats at most the one that was on its way, under its Message-ID', async () => {
  const file = join(tempDir(), 'outbox.db');
  const box = await openMailbox();
  onTestFinished(() => box.close());
  for (let kill = 0; kill < kills; kill++) {
    const child = startChild(runOf(file, box.port));
    expect(await child.line()).toBe('begun');
    await pause((kill * 37) % 60);
    await child.kill();
  }
  const last = startChild(runOf(file, box.port));
  await last.line();
  expect(JSON.parse(await last.line())).toMatchObject({ waiting: 0, givenUp: 0, problems: [] });
  const ids = box.received.map(({ mail }) => mail.messageId ?? '');
  expect(new Set(ids).size).toBe(messages);
  expect(ids.length - messages).toBeLessThanOrEqual(kills);
});
