import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { moduleUrl, startChild } from '../../helpers/child.ts';
import { openMailbox } from '../../helpers/notify/mailbox.ts';
import { tempDir } from '../../helpers/tempDir.ts';

const messages = 60;
const kills = 12;

/** A run as a process of its own: it plans messages, puts them into the outbox and delivers them. */
function runOf(state: string, port: number): string {
  return `
    import { openStore } from ${moduleUrl('src/store/open.ts')};
    import { deliverPlanned } from ${moduleUrl('src/notify/channels/deliver.ts')};
    import { mailChannel } from ${moduleUrl('src/notify/channels/mail/mailChannel.ts')};
    import { deliveryContext } from ${moduleUrl('test/helpers/notify/deliveryContext.ts')};
    import { messageIdOf } from ${moduleUrl('src/notify/routing/buildNotification.ts')};
    const { outbox } = openStore(${JSON.stringify(state)}, 1000);
    const channel = mailChannel({
      server: { kind: 'smtp', host: '127.0.0.1', port: ${port}, security: 'none', user: null, password: null, caPem: null, insecure: false, timeoutSeconds: 10 },
      from: 'alerts@example.org',
    contact: 'alerts@example.org',
      addresses: new Map([['noc', 'noc@example.org']]),
    });
    const body = JSON.stringify({ subject: 'alert', text: 'x'.repeat(20000), html: '<p>x', references: [] });
    outbox.enqueue(Array.from({ length: ${messages} }, (_, index) => {
      const key = \`noc/incident-\${index}/1\`;
      return { key, recipient: 'noc', kind: 'alert', thread: null, plannedAt: 1000, messageId: messageIdOf(key, 'example.org', null), notices: [], body };
    }));
    console.log('begun');
    const report = await deliverPlanned(outbox, () => channel, deliveryContext(2000));
    console.log(JSON.stringify(report));
    process.exit(0);
  `;
}

test('kill -9 loses no alert and repeats at most the one in transit, under the same Message-ID', async () => {
  const state = tempDir();
  const box = await openMailbox();
  onTestFinished(() => box.close());
  for (let kill = 0; kill < kills; kill++) {
    const child = startChild(runOf(state, box.port));
    expect(await child.line()).toBe('begun');
    await pause((kill * 37) % 60);
    await child.kill();
  }
  const last = startChild(runOf(state, box.port));
  await last.line();
  expect(JSON.parse(await last.line())).toMatchObject({ waiting: 0, givenUp: 0, problems: [] });
  const ids = box.received.map(({ mail }) => mail.messageId ?? '');
  expect(new Set(ids).size).toBe(messages);
  expect(ids.length - messages).toBeLessThanOrEqual(kills);
});
