import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { pages } from '../../cli/command.ts';
import { runAt } from '../../faults/pstraceAt.ts';
import { backAt, changeAt, scene } from './scene.ts';

const called = { 'ps-1.example.net': 'Lake Campus', '203.0.113.9': 'Hill Library' };

/** A psConfig template that calls hosts what people call them. */
const template = {
  addresses: Object.fromEntries(
    Object.entries(called).map(([address, name]) => [
      address,
      { address, _meta: { 'display-name': name } },
    ]),
  ),
  groups: { mesh: { type: 'mesh', addresses: Object.keys(called).map((name) => ({ name })) } },
  tests: { trace: { type: 'trace', spec: { dest: '{% address[1] %}', 'ip-version': 4 } } },
  tasks: { trace: { group: 'mesh', test: 'trace' } },
};

test('mails, feeds and pages use the name of a host in the template, and mails add its own name and address', async () => {
  const { box, at, args } = await scene(1, {}, changeAt, '[psconfig]\nurl = "mesh.json"');
  writeFileSync(join(dirname(at.out), 'mesh.json'), JSON.stringify(template));
  await runAt(changeAt - 60, args);
  await runAt(changeAt + 5400, args);
  await runAt(backAt + 7200, args);
  const pair = 'Lake Campus → Hill Library';
  const [alert, end] = box.received.map(({ mail }) => mail);
  const hosts = 'ps-1.example.net (192.0.2.1) → ps-b.example.org (203.0.113.9)';
  expect(alert?.text).toContain(`${pair} (IPv4, traceroute)\n  ${hosts}\n`);
  expect(end?.text).toContain(pair);
  expect(end?.text).toMatch(/^ {2}Hosts {2,}ps-1\.example\.net \(192\.0\.2\.1\) →/m);
  const feeds = [...pages(at.out)].filter(([path]) => path.endsWith('feed.xml'));
  const utf8 = (text: string) => Buffer.from(text, 'latin1').toString();
  expect(feeds).toHaveLength(2);
  for (const [, feed] of feeds) {
    expect(utf8(feed)).toContain(`AS path changed, ${pair}</title>`);
    expect(utf8(feed)).toContain(`Hosts: ${hosts}.`);
  }
  expect(utf8(feeds.find(([path]) => path.startsWith('tests/'))?.[1] ?? '')).toContain(
    `<title>Routes of the mesh: ${pair}</title>`,
  );
});
