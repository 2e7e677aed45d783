import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { runAt } from '../../faults/pstraceAt.ts';
import { backAt, changeAt, scene } from './scene.ts';

interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
}

/** An Alertmanager that accepts everything; the alerts of each post. */
async function openAlertmanager() {
  const posts: Alert[][] = [];
  const server = createServer(async (request, response) => {
    posts.push(JSON.parse(await text(request)));
    response.end();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return { posts, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const at = (time: string | undefined) => Date.parse(time ?? '') / 1000;

test('each run repeats a standing alert until its incident ends', async () => {
  const { posts, url } = await openAlertmanager();
  const recipient = `
    [[recipient]]
    name = "am"
    webhook = "${url}/api/v2/alerts"
    webhook_format = "alertmanager"`;
  const { at: place, args } = await scene(2, {}, changeAt, recipient);
  chmodSync(place.options[place.options.indexOf('--config') + 1] ?? '', 0o600);
  const run = async (now: number) => {
    posts.length = 0;
    expect(await runAt(now, args)).toEqual({ code: 0, stdout: '', stderr: '' });
    return posts.flat();
  };
  expect(await run(changeAt - 60)).toEqual([]);
  const alertAt = changeAt + 5400;
  const [alert, ...others] = await run(alertAt);
  expect(others).toEqual([]);
  expect(alert?.labels).toMatchObject({ alertname: 'PstraceIncident', class: 'inter_as' });
  expect(at(alert?.endsAt)).toBe(alertAt + 3600);
  const [repeated] = await run(alertAt + 600);
  expect(repeated).toMatchObject({ labels: alert?.labels, startsAt: alert?.startsAt });
  expect(at(repeated?.endsAt)).toBe(alertAt + 4200);
  const ended = await run(backAt + 5400);
  expect(ended.map(({ labels }) => labels)).toEqual([alert?.labels]);
  expect(at(ended[0]?.endsAt)).toBeLessThan(backAt + 5400);
  expect(await run(backAt + 6000)).toEqual([]);
});
