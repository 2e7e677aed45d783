import { describe, expect, onTestFinished, test } from 'vitest';
import { senderDomain } from '../../../src/notify/channels/mail/mailBody.ts';
import { openChannels } from '../../../src/notify/channels/openChannels.ts';
import { createTestEntry, preview } from '../../../src/notify/message/preview.ts';
import {
  type AlertSettings,
  type RecipientSettings,
  resolveDestinations,
} from '../../../src/notify/routing/alertSettings.ts';
import { openMailbox } from '../../helpers/notify/mailbox.ts';
import { context, recipientOf } from '../../helpers/notify/samples.ts';

const { id: _, channel: _channel, ...wanted } = recipientOf();

function settings(recipients: readonly Partial<RecipientSettings>[], port = 1): AlertSettings {
  return {
    baseUrl: null,
    prefix: '[pstrace]',
    groupWaitSeconds: null,
    from: 'pstrace <alerts@example.org>',
    contact: null,
    server: {
      kind: 'smtp',
      host: '127.0.0.1',
      port,
      security: 'none',
      user: null,
      password: null,
      caPem: null,
      insecure: false,
      timeoutSeconds: 5,
    },
    caPem: null,
    insecure: false,
    timeoutSeconds: 5,
    recipients: recipients.map((each) => ({ ...wanted, to: [], webhook: null, ...each })),
    groups: [],
    maintenance: [],
  };
}

const two = settings([
  { name: 'noc', to: ['a@example.org', 'b@example.org', 'a@example.org'] },
  {
    name: 'chat',
    webhook: {
      url: 'http://127.0.0.1:1/x',
      format: { kind: 'slack' },
      headers: {},
      routingKey: null,
    },
  },
]);

describe('recipients of the configuration', () => {
  test('become one for each address and webhook, so that a rejected mail is not sent again to others', () => {
    const { recipients, addresses, webhooks } = resolveDestinations(two);
    expect(recipients.map(({ id, name, channel }) => [id, name, channel])).toEqual([
      ['noc:a@example.org', 'noc', 'email'],
      ['noc:b@example.org', 'noc', 'email'],
      ['chat:webhook', 'chat', 'webhook'],
    ]);
    expect([...addresses.values()]).toEqual(['a@example.org', 'b@example.org']);
    expect(webhooks.get('chat:webhook')).toMatchObject({ url: 'http://127.0.0.1:1/x' });
  });

  test('share one mail channel; each webhook has its own', async () => {
    const { channelOf, close } = openChannels(two, resolveDestinations(two));
    onTestFinished(close);
    expect(channelOf('noc:a@example.org')).toBe(channelOf('noc:b@example.org'));
    expect(channelOf('chat:webhook')?.name).toBe('webhook chat');
    expect(channelOf('gone:c@example.org')).toBeNull();
  });
});

test('a test alert reaches its recipient without the outbox', async () => {
  const box = await openMailbox();
  onTestFinished(() => box.close());
  const mine = settings([{ to: ['a@example.org'] }], box.port);
  const destinations = resolveDestinations(mine);
  const [recipient] = destinations.recipients;
  if (recipient === undefined) throw new Error('no recipient');
  const entry = createTestEntry(recipient, context, { kind: 'json' }, senderDomain(mine.from));
  const channel = openChannels(mine, destinations).channelOf(recipient.id);
  const delivery = await channel?.send(entry, new AbortController().signal);
  expect(delivery).toMatchObject({ outcome: 'accepted' });
  expect(box.received[0]?.mail.subject).toBe('[pstrace] test alert');
  expect(preview(entry, 'email')).toMatch(
    /^To: noc:a@example\.org\nSubject: \[pstrace\] test alert\n\nThis is a test/,
  );
});

test.each([
  ['pstrace <alerts@PSTRACE.example.org>', 'pstrace.example.org'],
  ['alerts@example.org', 'example.org'],
  ['root', 'localhost.localdomain'],
])('the domain of %s is %s', (from, domain) => {
  expect(senderDomain(from)).toBe(domain);
});
