import { once } from 'node:events';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { OutboxEntry } from '../../../src/model/alerting/outbox.ts';
import { ForeignText } from '../../../src/model/run/foreignText.ts';
import type { Channel } from '../../../src/notify/channels/channel.ts';
import { deliverPlanned } from '../../../src/notify/channels/deliver.ts';
import { type MailSettings, mailChannel } from '../../../src/notify/channels/mail/mailChannel.ts';
import type { SmtpSettings } from '../../../src/notify/channels/mail/mailServer.ts';
import { renderNotification } from '../../../src/notify/message/renderNotification.ts';
import type { NotificationPlanInput } from '../../../src/notify/routing/notificationPlan.ts';
import { deliveryContext } from '../../helpers/notify/deliveryContext.ts';
import {
  authority,
  type Behavior,
  certificate,
  type Mailbox,
  openMailbox,
  reply,
} from '../../helpers/notify/mailbox.ts';
import {
  changeOf,
  context,
  dataOf,
  hour,
  incidentOf,
  minute,
  planInput,
  planThrough,
  recipientOf,
  ten,
  testOf,
} from '../../helpers/notify/samples.ts';
import { type MemoryOutbox, memoryOutbox } from './memoryOutbox.ts';

const tests = [testOf('a', 'b'), testOf('a', 'c')] as const;
const changes = tests.map((each) => changeOf(each, ten));
const recipients = [recipientOf(), recipientOf({ id: 'desk' })];
const addresses = new Map([
  ['noc', 'noc@example.org'],
  ['desk', 'desk@example.net'],
]);
const now = ten + hour;

/** The mails about two incidents, oldest first: two alerts, or also their ends. */
function entriesOf(parts: Partial<NotificationPlanInput> = {}, ended = false): OutboxEntry[] {
  const incidents = (closed: readonly number[]) =>
    changes.map((change) => incidentOf([change], { id: `i-${change.testId}` }, closed));
  const begun = planInput(changes, tests, { now, recipients, incidents: incidents([]), ...parts });
  const end = { ...begun, now: now + 2 * hour, incidents: incidents([now + hour]) };
  const steps = planThrough(ended ? [begun, end] : [begun]).flat();
  return steps.map((outgoing) =>
    renderNotification(outgoing, dataOf(changes, tests), { ...context, now }, new Map()),
  );
}

const one = { recipients: recipients.slice(0, 1) };

function settings(port: number, parts: Partial<SmtpSettings> = {}): MailSettings {
  return {
    server: {
      kind: 'smtp',
      host: '127.0.0.1',
      port,
      security: 'auto',
      user: null,
      password: null,
      caPem: null,
      insecure: false,
      timeoutSeconds: 5,
      ...parts,
    },
    from: 'pstrace <alerts@pstrace.example.org>',
    contact: 'alerts@example.org',
    addresses,
  };
}

async function openBox(behavior: Behavior = {}, options?: Parameters<typeof openMailbox>[1]) {
  const box = await openMailbox(behavior, options);
  onTestFinished(() => box.close());
  return box;
}

/** Delivers an outbox to a mailbox at a moment. */
function sendTo(
  box: Pick<Mailbox, 'port'>,
  outbox: MemoryOutbox,
  at = now,
  parts: Partial<SmtpSettings> = {},
) {
  const channel = mailChannel(settings(box.port, parts));
  return deliverPlanned(outbox, () => channel, deliveryContext(at));
}

function outboxOf(entries: readonly OutboxEntry[]): MemoryOutbox {
  const outbox = memoryOutbox();
  outbox.enqueue(entries);
  return outbox;
}

describe('a mail that the server accepts', () => {
  test('is sent once to each recipient', async () => {
    const box = await openBox();
    const outbox = outboxOf(entriesOf());
    const report = await sendTo(box, outbox);
    expect(report).toEqual({ sent: 4, waiting: 0, givenUp: 0, problems: [] });
    await sendTo(box, outbox, now + hour);
    expect(box.received.flatMap(({ to }) => to).toSorted()).toEqual([
      'desk@example.net',
      'desk@example.net',
      'noc@example.org',
      'noc@example.org',
    ]);
  });

  test('has a text part, an HTML part and the headers of automatic mail', async () => {
    const box = await openBox();
    await sendTo(box, outboxOf(entriesOf(one)));
    const [{ mail, source, from }] = box.received as [(typeof box.received)[0]];
    expect(from).toBe('alerts@pstrace.example.org');
    expect(mail.subject).toMatch(/^\[pstrace\] major: AS path changed/);
    expect(mail.text).toMatch(/^AS path changed: a\.example\.net → b\.example\.net, \+14\.2 ms/);
    expect(mail.html).toContain('<h1');
    expect(source.indexOf('text/plain')).toBeLessThan(source.indexOf('text/html'));
    const header = (name: string) => mail.headers.find(({ key }) => key === name)?.value;
    expect(header('auto-submitted')).toBe('auto-generated');
    expect(header('list-id')).toBe('pstrace <pstrace.pstrace.example.org>');
    expect(header('list-unsubscribe')).toBe(
      '<mailto:alerts@example.org?subject=unsubscribe%20noc%40example.org%20from%20pstrace>',
    );
    expect(mail.messageId).toMatch(/^<pstrace\.[0-9a-f]{32}@pstrace\.example\.org>$/);
    expect(mail.date).toBe('2026-11-20T11:00:00.000Z');
  });

  test('about the end of an incident replies to the alert', async () => {
    const box = await openBox();
    await sendTo(box, outboxOf(entriesOf(one, true)), now + 3 * hour);
    const [alert, , end] = box.received.map(({ mail }) => mail);
    expect(end?.subject).toMatch(/recovered after 2 h 10 min/);
    expect([end?.inReplyTo, end?.references]).toEqual([alert?.messageId, alert?.messageId]);
  });
});

describe('a server that rejects', () => {
  test('temporarily (451) gets the mail again later, with the same Message-ID', async () => {
    let first = true;
    const ids: (string | undefined)[] = [];
    const box = await openBox({
      onMessage({ mail }) {
        ids.push(mail.messageId);
        if (first) {
          first = false;
          throw reply(451, '4.7.1 greylisted');
        }
      },
    });
    const outbox = outboxOf(entriesOf(one).slice(0, 1));
    const report = await sendTo(box, outbox);
    expect(report).toMatchObject({ sent: 0, waiting: 1 });
    expect(report.problems).toEqual([
      {
        kind: 'delivery',
        subject: 'noc',
        message:
          'A notification was rejected: the mail server rejects the message (SMTP status 451)',
        remedy: 'The next attempt is due at 2026-11-20 11:05 UTC.',
        detail: new ForeignText('451 4.7.1 greylisted'),
      },
    ]);
    expect(await sendTo(box, outbox, now + 4 * minute)).toMatchObject({ sent: 0, waiting: 1 });
    expect(await sendTo(box, outbox, now + 5 * minute)).toMatchObject({ sent: 1, waiting: 0 });
    expect(ids[0]).toBe(ids[1]);
  });

  test('permanently (550) gets retries for three days, then the mail is dropped with a problem', async () => {
    const box = await openBox({
      onRecipient() {
        throw reply(550, '5.1.1 no such user');
      },
    });
    const outbox = outboxOf(entriesOf(one).slice(0, 1));
    let at = now;
    const states: string[] = [];
    for (let run = 0; run < 12; run++) {
      await sendTo(box, outbox, at);
      states.push(outbox.kept[0]?.state ?? '');
      at += 12 * hour;
    }
    expect(states.indexOf('given up')).toBe(6);
    expect(box.connections()).toBe(7);
  });

  test('one recipient does not block the others', async () => {
    const box = await openBox({
      onRecipient(address) {
        if (address.startsWith('noc')) throw reply(550, '5.1.1 no such user');
      },
    });
    const report = await sendTo(box, outboxOf(entriesOf()));
    expect(report).toMatchObject({ sent: 2, waiting: 2 });
  });

  test('a mail blocks the later ones of its thread, but not other threads', async () => {
    let refused = 0;
    const box = await openBox({
      onMessage({ mail }) {
        if (refused === 0 && mail.subject?.includes('b.example.net')) {
          refused++;
          throw reply(451, 'later');
        }
      },
    });
    const outbox = outboxOf(entriesOf(one, true));
    await sendTo(box, outbox, now + 3 * hour);
    const subjects = () =>
      box.received.map(({ mail }) =>
        mail.subject?.replace(/^\[pstrace\] (\w+).*example\.net → (\w).*/, '$1 $2'),
      );
    expect(subjects()).toEqual(['major c', 'recovered c']);
    await sendTo(box, outbox, now + 4 * hour);
    expect(subjects()).toEqual(['major c', 'recovered c', 'major b', 'recovered b']);
  });
});

describe('a server that is dead', () => {
  test('costs one attempt and one problem per run, and gets everything when it is back', async () => {
    const box = await openBox();
    await box.close();
    const outbox = outboxOf(entriesOf());
    const report = await sendTo(box, outbox);
    expect(report).toMatchObject({ sent: 0, waiting: 4 });
    expect(report.problems).toHaveLength(1);
    expect(report.problems[0]).toMatchObject({
      kind: 'delivery',
      subject: `mail server 127.0.0.1:${box.port}`,
      message: 'Notifications cannot be delivered: the mail server cannot be reached',
    });
    expect(report.problems[0]?.detail?.reveal()).toMatch(/ECONNREFUSED/);
    const back = await openBox();
    expect(await sendTo(back, outbox, now + hour)).toMatchObject({ sent: 4, waiting: 0 });
  });

  test('that stalls runs into the timeout, and the mail stays', async () => {
    const box = await openBox({ onMessage: () => new Promise(() => {}) });
    const outbox = outboxOf(entriesOf());
    const report = await sendTo(box, outbox, now, { timeoutSeconds: 0.4 });
    expect(report).toMatchObject({ sent: 0, waiting: 4 });
    expect(report.problems[0]?.message).toMatch(/did not respond in time/);
    expect(box.connections()).toBe(1);
  });

  test('that dies in the middle of a mail gets the whole mail again', async () => {
    const dying = await openBox({ breakAfter: 500 });
    const outbox = outboxOf(entriesOf(one).slice(0, 1));
    expect(await sendTo(dying, outbox)).toMatchObject({ sent: 0, waiting: 1 });
    expect(dying.received).toEqual([]);
    const well = await openBox();
    expect(await sendTo(well, outbox, now + hour)).toMatchObject({ sent: 1 });
    expect(well.received[0]?.mail.html).toContain('</html>');
  });

  test('for one mail only lets the others go first next time', async () => {
    let broken = '';
    const box = await openBox({
      onMessage({ mail }) {
        broken ||= mail.messageId ?? '';
        if (mail.messageId === broken) throw reply(421, 'closing');
      },
    });
    const outbox = outboxOf(entriesOf(one));
    expect(await sendTo(box, outbox)).toMatchObject({ sent: 0, waiting: 2 });
    expect(await sendTo(box, outbox, now + minute)).toMatchObject({ sent: 1, waiting: 1 });
  });
});

describe('encryption and login', () => {
  const withTls = { ...certificate, authOptional: true };
  const login = {
    ...certificate,
    onAuth: (
      {
        username,
        password,
      }: { username?: string | undefined; password?: string | null | undefined },
      _session: unknown,
      done: (error: Error | null, response?: { user?: string }) => void,
    ) =>
      username === 'alerts' && password === 'secret'
        ? done(null, { user: username })
        : done(reply(535, '5.7.8 wrong password')),
  };
  const mail = () => outboxOf(entriesOf(one).slice(0, 1));

  test('STARTTLS with a certificate of a configured CA', async () => {
    const box = await openBox({}, withTls);
    await sendTo(box, mail(), now, { host: 'localhost', security: 'starttls', caPem: authority });
    expect(box.received[0]?.secure).toBe(true);
  });

  test('STARTTLS with an untrusted certificate is rejected', async () => {
    const box = await openBox({}, withTls);
    const outbox = mail();
    const report = await sendTo(box, outbox, now, { host: 'localhost', security: 'starttls' });
    expect(report.problems[0]?.message).toMatch(/certificate/);
    expect(box.received).toEqual([]);
    expect(outbox.pending()).toHaveLength(1);
  });

  test('STARTTLS that is required but not offered sends nothing in clear text', async () => {
    const box = await openBox();
    const report = await sendTo(box, mail(), now, { security: 'starttls' });
    expect(report).toMatchObject({ sent: 0, waiting: 1 });
    expect(box.received).toEqual([]);
  });

  test('TLS from the start', async () => {
    const box = await openBox({}, { ...withTls, secure: true });
    await sendTo(box, mail(), now, { host: 'localhost', security: 'tls', caPem: authority });
    expect(box.received[0]?.secure).toBe(true);
  });

  test('a loopback server needs no certificate', async () => {
    const box = await openBox({}, withTls);
    await sendTo(box, mail());
    expect(box.received[0]?.secure).toBe(false);
  });

  test('a user logs in', async () => {
    const box = await openBox({}, login);
    await sendTo(box, mail(), now, {
      host: 'localhost',
      security: 'starttls',
      caPem: authority,
      user: 'alerts',
      password: 'secret',
    });
    expect(box.received[0]).toMatchObject({ user: 'alerts', secure: true });
  });

  test('a wrong password is reported without the password, and the mail stays', async () => {
    const box = await openBox({}, login);
    const outbox = mail();
    const report = await sendTo(box, outbox, now, {
      host: 'localhost',
      security: 'starttls',
      caPem: authority,
      user: 'alerts',
      password: 'wrong-one',
    });
    expect(report.problems[0]?.message).toMatch(/535/);
    expect(JSON.stringify(report)).not.toContain('wrong-one');
    expect(outbox.pending()).toHaveLength(1);
  });
});

test('a message to a recipient that is no longer configured is dropped', async () => {
  const outbox = outboxOf(entriesOf(one));
  const report = await deliverPlanned(outbox, () => null, deliveryContext(now));
  expect(report).toEqual({ sent: 0, waiting: 0, givenUp: 2, problems: [] });
});

test('an interruption keeps the unsent messages', async () => {
  const abort = new AbortController();
  const box = await openBox({ onMessage: () => abort.abort(new Error('interrupted')) });
  const outbox = outboxOf(entriesOf());
  const channel = mailChannel(settings(box.port));
  const context = deliveryContext(now, { signal: abort.signal });
  await expect(deliverPlanned(outbox, () => channel, context)).rejects.toThrow('interrupted');
  expect(outbox.pending().length).toBeGreaterThanOrEqual(3);
});

/** A server that never finishes: after `trigger` it sends `words` again and again. */
async function openDrip(trigger: RegExp, words: string): Promise<{ readonly port: number }> {
  const sockets: Socket[] = [];
  const server = createTcpServer((socket) => {
    sockets.push(socket);
    let heard = '';
    socket.on('error', () => {}).write('220 drip\r\n');
    socket.setEncoding('latin1').on('data', (text: string) => {
      const isMail = /^DATA\r\n/m.test(heard);
      heard += text;
      if (trigger.test(heard)) drip(socket, words);
      else if (!isMail) socket.write(/^DATA/m.test(text) ? '354 go\r\n' : '250 ok\r\n');
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port };
}

function drip(socket: Socket, words: string): void {
  let sent = 0;
  const timer = setInterval(() => socket.write(words.charAt(sent++ % words.length)), 20);
  socket.on('close', () => clearInterval(timer));
}

describe('a server that goes on talking', () => {
  test.each([
    ['in its greeting of the client', /^EHLO/, '250-wait\r\n'],
    ['without an end of line', /^EHLO/, '2'],
    ['after the mail', /\r\n\.\r\n$/, '250-thinking\r\n'],
  ])('%s has the time of one mail in all', async (_case, trigger, words) => {
    const server = await openDrip(trigger, words);
    const outbox = outboxOf(entriesOf());
    const began = performance.now();
    const report = await sendTo(server, outbox, now, { timeoutSeconds: 1 });
    expect(performance.now() - began).toBeLessThan(2500);
    expect(report).toMatchObject({ sent: 0, waiting: 4, problems: [{ kind: 'delivery' }] });
  });
});

describe('several channels', () => {
  /** A channel of its own for each recipient; `send` is how that of `desk` behaves. */
  function channelsWith(box: Mailbox, send: Channel['send']) {
    const mail = mailChannel(settings(box.port));
    const odd: Channel = { id: 'odd', name: 'odd', send, close: async () => {} };
    return (recipient: string) => (recipient === 'desk' ? odd : mail);
  }

  test('deliver at the same time', async () => {
    const box = await openBox();
    const outbox = outboxOf(entriesOf());
    const abort = new AbortController();
    const stuck: Channel['send'] = (_entry, signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const round = deliverPlanned(
      outbox,
      channelsWith(box, stuck),
      deliveryContext(now, { signal: abort.signal }),
    );
    // Received, and marked as sent.
    await expect.poll(() => outbox.pending().length).toBe(2);
    expect(box.received).toHaveLength(2);
    abort.abort(new Error('interrupted'));
    await expect(round).rejects.toThrow('interrupted');
    expect(outbox.pending()).toHaveLength(2);
  });

  test('contain a message with which pstrace itself cannot cope', async () => {
    const box = await openBox();
    const outbox = outboxOf(entriesOf());
    const broken: Channel['send'] = async () => {
      throw new TypeError('bug');
    };
    const contain = (error: unknown, subject: string) => ({
      kind: 'delivery' as const,
      subject,
      message: String(error),
      remedy: null,
    });
    const context = deliveryContext(now, { contain });
    const report = await deliverPlanned(outbox, channelsWith(box, broken), context);
    expect(report).toMatchObject({ sent: 2, waiting: 2 });
    expect(report.problems.map(({ subject }) => subject)).toEqual(['desk', 'desk']);
    expect(outbox.pending().map(({ nextAttemptAt }) => nextAttemptAt > now)).toEqual([true, true]);
  });
});

describe('two rounds at the same time', () => {
  test('never deliver the same message', async () => {
    const arrived = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const box = await openBox({
      async onMessage() {
        arrived.resolve();
        await released.promise;
      },
    });
    const outbox = outboxOf(entriesOf());
    const reserved = new Set<string>();
    const reserve = ({ id }: Channel) => {
      if (reserved.has(id)) return null;
      reserved.add(id);
      return () => reserved.delete(id);
    };
    const round = () => {
      const channel = mailChannel(settings(box.port));
      return deliverPlanned(outbox, () => channel, deliveryContext(now, { reserve }));
    };
    const first = round();
    await arrived.promise;
    expect(await round()).toEqual({ sent: 0, waiting: 0, givenUp: 0, problems: [] });
    released.resolve();
    expect(await first).toMatchObject({ sent: 4 });
    expect(box.received).toHaveLength(4);
  });

  test('leave no message behind that was planned meanwhile', async () => {
    const entries = entriesOf();
    const outbox = outboxOf(entries.slice(0, 1));
    const box = await openBox({ onMessage: () => outbox.enqueue(entries) });
    expect(await sendTo(box, outbox)).toMatchObject({ sent: 4, waiting: 0 });
  });
});

test('a round begins no delivery after its time', async () => {
  const box = await openBox();
  const channel = mailChannel(settings(box.port));
  const outbox = outboxOf(entriesOf());
  const context = deliveryContext(now, { limitSeconds: 0 });
  const report = await deliverPlanned(outbox, () => channel, context);
  expect(report).toMatchObject({ sent: 0, waiting: 4 });
  expect(box.connections()).toBe(0);
});

describe('an address that is not in ASCII', () => {
  const umlaut = new Map([['noc', 'jürgen@exämple.org']]);

  async function sendToUmlaut(options: Parameters<typeof openMailbox>[1] = {}) {
    const box = await openBox({}, { disabledCommands: ['AUTH', 'STARTTLS'], ...options });
    const channel = mailChannel({ ...settings(box.port), addresses: umlaut });
    const outbox = outboxOf(entriesOf(one).slice(0, 1));
    return { box, report: await deliverPlanned(outbox, () => channel, deliveryContext(now)) };
  }

  test('gets its mail from a server with SMTPUTF8', async () => {
    const { box, report } = await sendToUmlaut();
    expect(report.sent).toBe(1);
    expect(box.received[0]?.to[0]).toMatch(/^jürgen@/);
  });

  test('is not passed to a server without it', async () => {
    const { box, report } = await sendToUmlaut({ hideSMTPUTF8: true });
    expect(report).toMatchObject({ sent: 0, waiting: 1, problems: [{ subject: 'noc' }] });
    expect(box.received).toEqual([]);
  });
});

describe('names from outside', () => {
  test('cannot add a header, recipient or part to a mail', async () => {
    const evil =
      'x\r\nBcc: victim@example.org\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>';
    const named = { ...tests[0], destination: { address: null, name: evil } };
    const change = changeOf(named, ten);
    const incident = incidentOf([change], { id: `i\r\nBcc: victim@example.org` });
    const input = planInput([change], [named], { now, incidents: [incident] });
    const entries = planThrough([input])
      .flat()
      .map((outgoing) =>
        renderNotification(outgoing, dataOf([change], [named]), { ...context, now }, new Map()),
      );
    const box = await openBox();
    await sendTo(box, outboxOf(entries));
    const [{ mail, to }] = box.received as [(typeof box.received)[0]];
    expect(to).toEqual(['noc@example.org']);
    expect(mail.bcc ?? []).toEqual([]);
    expect(mail.headers.map(({ key }) => key).toSorted()).toEqual([
      'auto-submitted',
      'content-type',
      'date',
      'from',
      'list-id',
      'list-unsubscribe',
      'message-id',
      'mime-version',
      'subject',
      'to',
    ]);
    expect(mail.html).not.toContain('<script');
    expect(mail.text).not.toMatch(/^Bcc:/m);
  });
});
