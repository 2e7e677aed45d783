import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { OutboxEntry } from '../../../src/model/alerting/outbox.ts';
import { deliverPlanned } from '../../../src/notify/channels/deliver.ts';
import { detailsText } from '../../../src/notify/channels/webhook/detailsText.ts';
import {
  renderWebhookBody,
  type WebhookFormat,
} from '../../../src/notify/channels/webhook/webhookBody.ts';
import {
  type WebhookSettings,
  webhookChannel,
} from '../../../src/notify/channels/webhook/webhookChannel.ts';
import { createMessage } from '../../../src/notify/message/createMessage.ts';
import type { ChangeBlock } from '../../../src/notify/message/message.ts';
import { renderNotification } from '../../../src/notify/message/renderNotification.ts';
import { incidentCode } from '../../../src/notify/routing/incidentCode.ts';
import { deliveryContext } from '../../helpers/notify/deliveryContext.ts';
import {
  changeOf,
  context,
  dataOf,
  hour,
  incidentOf,
  planInput,
  planThrough,
  recipientOf,
  ten,
  testOf,
} from '../../helpers/notify/samples.ts';
import { memoryOutbox } from './memoryOutbox.ts';

const now = ten + hour;
const ab = testOf('a', 'b');

function outgoingOf(test_ = ab) {
  const change = changeOf(test_, ten);
  const input = planInput([change], [test_], {
    now,
    recipients: [recipientOf({ id: 'chat', channel: 'webhook' })],
    incidents: [incidentOf([change], { id: 'i' })],
  });
  const [outgoing] = planThrough([input]).flat();
  if (outgoing === undefined) throw new Error('no message');
  return { outgoing, data: dataOf([change], [test_]) };
}

function entryOf(): OutboxEntry {
  const { outgoing, data } = outgoingOf();
  return renderNotification(
    outgoing,
    data,
    { ...context, now },
    new Map([['chat', { kind: 'json' }]]),
  );
}

/** The body of an alert in a format, parsed. */
function bodyOf(format: WebhookFormat, test_ = ab) {
  const { outgoing, data } = outgoingOf(test_);
  const message = createMessage(outgoing, data, { ...context, now });
  return JSON.parse(renderWebhookBody(message, outgoing, format, { ...context, now }));
}

interface Post {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real HTTP server that replies to every POST with `status`; 0: never. */
async function openHook(status: number, headers: Record<string, string> = {}) {
  const posts: Post[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      posts.push({ headers: request.headers, body });
      if (status !== 0) response.writeHead(status, headers).end('said so');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { posts, url: `http://127.0.0.1:${port}/services/T0/B0/secret-token` };
}

async function sendTo(
  url: string,
  outbox = memoryOutbox(),
  at = now,
  settings: Partial<WebhookSettings> = {},
) {
  outbox.enqueue([entryOf()]);
  const channel = webhookChannel({
    name: 'chat',
    url,
    headers: {},
    routingKey: null,
    caPem: null,
    insecure: false,
    timeoutSeconds: 5,
    ...settings,
  });
  onTestFinished(() => channel.close());
  return { outbox, report: await deliverPlanned(outbox, () => channel, deliveryContext(at)) };
}

describe('a post', () => {
  test('is JSON with the key of the message, sent once', async () => {
    const hook = await openHook(200);
    const { outbox, report } = await sendTo(hook.url);
    await sendTo(hook.url, outbox, now + hour);
    expect(report).toMatchObject({ sent: 1, waiting: 0, problems: [] });
    expect(hook.posts).toHaveLength(1);
    expect(hook.posts[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'idempotency-key': expect.stringMatching(/^[\da-f]{32}$/),
    });
    expect(JSON.parse(hook.posts[0]?.body ?? '')).toMatchObject({
      schemaVersion: 2,
      kind: 'alert',
    });
  });

  test.each([
    [500, true],
    [429, true],
    [404, false],
    [302, false],
  ])('with status %i stays and is retried', async (status, soon) => {
    const hook = await openHook(status);
    const { outbox, report } = await sendTo(hook.url);
    expect(report).toMatchObject({ sent: 0, waiting: 1 });
    expect(report.problems[0]?.message).toMatch(
      new RegExp(`: the server responded with HTTP status ${status}$`),
    );
    expect(report.problems[0]?.detail?.reveal()).toBe('said so');
    expect((outbox.kept[0]?.nextAttemptAt ?? 0) - now).toBe(soon ? 300 : 3600);
  });

  test('honors Retry-After', async () => {
    const hook = await openHook(429, { 'retry-after': '1800' });
    const { outbox } = await sendTo(hook.url);
    expect(outbox.kept[0]?.nextAttemptAt).toBe(now + 1800);
  });

  test('without a response in time stays', async () => {
    const hook = await openHook(0);
    const { report } = await sendTo(hook.url, memoryOutbox(), now, { timeoutSeconds: 0.2 });
    expect(report.problems[0]?.message).toBe(
      'Notifications cannot be delivered: the server did not respond within 0.2 s',
    );
  });

  test('without a listener stays, and no message shows the token of the URL', async () => {
    const { report } = await sendTo('http://127.0.0.1:1/services/secret-token');
    expect(report).toMatchObject({ sent: 0, waiting: 1 });
    expect(JSON.stringify(report)).not.toContain('secret-token');
  });
});

describe('secrets of a post', () => {
  test('headers of a file go with each post', async () => {
    const hook = await openHook(200);
    await sendTo(hook.url, memoryOutbox(), now, { headers: { authorization: 'Bearer t0ken' } });
    expect(hook.posts[0]?.headers.authorization).toBe('Bearer t0ken');
  });

  test('the routing key is in the post, but not in the outbox', async () => {
    const hook = await openHook(202);
    const { outbox } = await sendTo(hook.url, memoryOutbox(), now, { routingKey: 'R0UT1NG' });
    expect(JSON.parse(hook.posts[0]?.body ?? '')).toMatchObject({ routing_key: 'R0UT1NG' });
    expect(JSON.stringify(outbox.kept)).not.toContain('R0UT1NG');
  });
});

describe('the body', () => {
  const evil = {
    ...ab,
    destination: { address: null, name: '<!channel> [x](http://evil) *b* @all ```' },
  };

  test('for Slack has a headline, the details in a code block and the links', () => {
    const { text, attachments } = bodyOf({ kind: 'slack' });
    expect(text).toMatch(/^\[pstrace\] major: AS path changed/);
    expect(attachments[0].color).toBe('#f0a81c');
    const [headline, details, links] = attachments[0].blocks;
    expect(headline.text.text).toMatch(
      /^\*AS path changed: a\.example\.net → b\.example\.net.*\*$/,
    );
    expect(details.text.text).toMatch(/^```[\s\S]*cr1\.fra\.example\.net[\s\S]*```$/);
    expect(details.text.text.length).toBeLessThan(3000);
    expect(links.text.text).toContain('|Incident>');
  });

  test('for Slack mentions no one, whatever the name of a host', () => {
    const { text, attachments } = bodyOf({ kind: 'slack' }, evil);
    const texts = [
      text,
      ...attachments[0].blocks.map((each: { text: { text: string } }) => each.text.text),
    ];
    for (const each of texts.slice(0, 3)) expect(each).not.toContain('<!channel>');
    expect(texts[2].match(/```/g)).toHaveLength(2);
  });

  test('for Mattermost has a headline, the details and the links in Markdown', () => {
    const { attachments } = bodyOf({ kind: 'mattermost' });
    expect(attachments[0].text).toMatch(
      /^\*\*AS path changed: [\s\S]*```\n[\s\S]*\n```\n\n\[Incident\]\(https:/,
    );
  });

  test('for Mattermost turns no name into a link, mention or bold text', () => {
    const [headline] = bodyOf({ kind: 'mattermost' }, evil).attachments[0].text.split('\n\n');
    expect(headline).toContain('\\<\\!channel\\> \\[x\\](http://evil\\)'.replace('](', ']\\('));
    expect(headline).not.toContain('@all');
  });

  test.each([{ kind: 'slack' }, { kind: 'mattermost' }, { kind: 'discord' }] as const)(
    'for $kind keeps the indentation of the first line',
    (format) => {
      expect(JSON.stringify(bodyOf(format))).toMatch(/```\\n {2}Severity +\w+\\n {2}Since/);
    },
  );

  test('leaves out whole parts where the details are too long', () => {
    const { outgoing, data } = outgoingOf();
    const message = createMessage(outgoing, data, { ...context, now });
    const [block] = message.blocks;
    const long = { ...message, blocks: Array.from({ length: 4 }, () => block as ChangeBlock) };
    const whole = detailsText(message, 100_000);
    const cut = detailsText(long, whole.length + 200);
    expect(cut).toBe(`${whole}\n\n... The pages have the rest.`);
    expect(detailsText(long, 60)).toMatch(/^ {2}Severity .*\n\n\.\.\. The pages have the rest\.$/);
  });

  test('for Teams is a card with the details and links', () => {
    const [attachment] = bodyOf({ kind: 'teams' }, evil).attachments;
    expect(attachment.contentType).toBe('application/vnd.microsoft.card.adaptive');
    const [headline, code] = attachment.content.body;
    expect(headline.text).toContain('\\[x\\]');
    expect(code).toMatchObject({
      type: 'CodeBlock',
      codeSnippet: expect.stringMatching(/^ {2}Sev/),
    });
    expect(attachment.content.actions[0]).toMatchObject({ type: 'Action.OpenUrl' });
  });

  test('for Discord mentions no one and stays below the limits', () => {
    const body = bodyOf({ kind: 'discord' }, evil);
    expect(body.allowed_mentions).toEqual({ parse: [] });
    expect(body.content).not.toContain('@all');
    const [embed] = body.embeds;
    expect(embed.color).toBe(0xf0a81c);
    expect(embed.description.length).toBeLessThan(4096);
    expect(embed.description.match(/```/g)).toHaveLength(2);
  });

  test('for PagerDuty triggers one incident for a thread, and resolves it', () => {
    const body = bodyOf({ kind: 'pagerduty' });
    expect(body).toMatchObject({
      event_action: 'trigger',
      dedup_key: expect.stringMatching(/^[\da-f]{32}$/),
      links: [{ href: expect.stringMatching(/^https:/), text: 'Incident' }],
      payload: { severity: 'error', source: context.title, class: 'inter_as' },
    });
    const { outgoing, data } = outgoingOf();
    const end = { ...outgoing, kind: 'recovered', messageId: '<later@x>' } as const;
    const message = createMessage(outgoing, data, { ...context, now });
    const ended = renderWebhookBody(
      { ...message, kind: 'recovered' },
      { ...end, references: [outgoing.messageId, '<between@x>'] },
      { kind: 'pagerduty' },
      { ...context, now },
    );
    expect(JSON.parse(ended)).toMatchObject({
      event_action: 'resolve',
      dedup_key: body.dedup_key,
    });
  });

  test('for Alertmanager is an alert that lasts an hour, and ends with the incident', () => {
    const [alert] = bodyOf({ kind: 'alertmanager' });
    expect(alert).toMatchObject({
      labels: { alertname: 'PstraceIncident', severity: 'major', class: 'inter_as' },
      endsAt: new Date((now + hour) * 1000).toISOString().replace('.000', ''),
      generatorURL: expect.stringMatching(/^https:/),
    });
  });

  test('for programs names the incidents that became part of one', () => {
    const { outgoing, data } = outgoingOf();
    const items = outgoing.items.map(({ view, kind }) => ({
      view: { ...view, formerIds: ['old'] },
      kind,
    }));
    const message = createMessage(outgoing, data, { ...context, now });
    const merged = { ...outgoing, items };
    const body = renderWebhookBody(message, merged, { kind: 'json' }, { ...context, now });
    expect(JSON.parse(body).incidents[0].formerIds).toEqual(['old']);
  });

  test('for programs has the message and its incidents', () => {
    expect(bodyOf({ kind: 'json' })).toMatchObject({
      key: expect.stringMatching(/^[\da-f]{32}$/),
      severity: 'major',
      incidents: [{ id: 'i', kind: 'alert', tests: ['a-b'], toIso: null }],
    });
  });

  test('names the real code for pstrace ack even if the incident id is pseudonymized', () => {
    const { outgoing, data } = outgoingOf();
    const items = outgoing.items.map(({ view, kind }) => {
      return { view: { ...view, incident: { ...view.incident, id: 'masked' } }, kind: kind };
    });
    const message = createMessage({ ...outgoing, items }, data, { ...context, now });
    const body = renderWebhookBody(
      message,
      { ...outgoing, items },
      { kind: 'json' },
      { ...context, now },
    );
    expect(body).toContain(`"pstrace ack ${incidentCode('i', null)}\\"`.slice(1));
    expect(body).not.toContain('chat/i/');
  });

  test('of a template is the JSON that it renders', () => {
    const source = '{"title": {{ subject | dump }}, "count": {{ incidents.length }}}';
    expect(bodyOf({ kind: 'template', source }, evil)).toMatchObject({ count: 1 });
  });

  test('of a template without the filter dump reaches the receiver whatever a name contains', () => {
    const source = '{"text": "{{ subject }} {{ headline }}"}';
    const named = { ...ab, source: { ...ab.source, name: 'ams"core\\\\' } };
    expect(bodyOf({ kind: 'template', source }, named).text).toContain("ams'core");
  });

  test('of a template that renders no JSON is an error with a remedy', () => {
    expect(() => bodyOf({ kind: 'template', source: '{"title": {{ subject }}}' })).toThrow(
      /does not render to JSON/,
    );
  });
});
