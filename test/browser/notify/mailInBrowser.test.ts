import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderMailHtml } from '../../../src/notify/channels/mail/mailHtml.ts';
import { createMessage, createTestMessage } from '../../../src/notify/message/createMessage.ts';
import type { Message } from '../../../src/notify/message/message.ts';
import { launchChromium } from '../../helpers/chromium.ts';
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

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** The part of an axe result that the test reads. */
interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

const evil = '<img src=x onerror="document.title=1">\u202e"><script>document.title=1</script>';
const tests = [
  testOf('a', 'b'),
  { ...testOf('a', 'c'), destination: { address: null, name: evil } },
  testOf('b', 'a'),
] as const;
const changes = [
  changeOf(tests[0], ten),
  changeOf(tests[1], ten, { class: 'unreachable', severity: 'critical' }),
  changeOf(tests[2], ten, { severity: 'minor', class: 'intra_as', route: [] }),
];

function messages(): Message[] {
  const step = (now: number, closed: readonly number[]) =>
    planInput(changes, tests, {
      now,
      incidents: [incidentOf(changes, { id: 'i', severity: 'critical' }, closed)],
    });
  const end = ten + 2 * hour;
  const apart = planInput(changes, tests, {
    now: ten + hour,
    recipients: [recipientOf({ perHour: 1, alertFrom: 'minor' })],
    incidents: changes.map((change) => incidentOf([change])),
  });
  const messages = [
    ...planThrough([step(ten + hour, []), step(end, [end, end, end])]).flat(),
    ...planThrough([apart])
      .flat()
      .filter(({ kind }) => kind === 'summary'),
  ];
  return [
    ...messages.map((outgoing) => createMessage(outgoing, dataOf(changes, tests), context)),
    createTestMessage(recipientOf(), context),
  ];
}

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** Opens a mail in a browser; fails on any request. */
async function open(
  html: string,
  colorScheme: 'light' | 'dark',
  look: (page: Page) => Promise<void>,
  width = 800,
) {
  const tab = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
  const page = await tab.newPage();
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.setContent(html);
  await look(page);
  await tab.close();
  expect(requests).toEqual([]);
}

describe.each(['light', 'dark'] as const)('a mail in %s', (scheme) => {
  test.each([
    [0, 'alert'],
    [1, 'recovered'],
    [2, 'summary'],
    [3, 'test'],
  ])('%i is accessible: %s', async (index, kind) => {
    const message = messages()[index] as Message;
    expect(message.kind).toBe(kind);
    await open(renderMailHtml(message), scheme, async (page) => {
      await page.evaluate(axe);
      const { violations } = (await page.evaluate('axe.run()')) as AxeResult;
      const found = violations.filter(({ id }) => id !== 'region' && id !== 'landmark-one-main');
      expect(found.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([]);
    });
  });

  test('has its own background', async () => {
    await open(renderMailHtml(messages()[0] as Message), scheme, async (page) => {
      const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor');
      expect(ground).toBe(scheme === 'dark' ? 'rgb(18, 22, 26)' : 'rgb(246, 247, 248)');
    });
  });
});

test('a name with HTML is shown as text', async () => {
  await open(renderMailHtml(messages()[0] as Message), 'light', async (page) => {
    expect(await page.locator('img, script').count()).toBe(0);
    expect(await page.title()).toMatch(/^\[pstrace\]/);
    expect(await page.locator('body').textContent()).toContain('<img src=x');
  });
});

test('a phone shows it without horizontal scrolling', async () => {
  await open(
    renderMailHtml(messages()[0] as Message),
    'light',
    async (page) => {
      const width = await page.evaluate('document.documentElement.scrollWidth');
      expect(width).toBeLessThanOrEqual(375);
    },
    375,
  );
});
