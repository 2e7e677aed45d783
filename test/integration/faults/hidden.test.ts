import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import { eventType, type FakeTest, hop, metadata } from '../../helpers/fakeArchive.ts';
import { type Mailbox, openMailbox } from '../../helpers/notify/mailbox.ts';
import { place } from '../cli/command.ts';
import { keyOf, serve } from '../pipeline/mesh.ts';
import { noon } from './mesh.ts';
import { runAt } from './pstraceAt.ts';

vi.setConfig({ testTimeout: 240_000 });

const hour = 3600;
const spacing = 600;

/** What the archive says from a moment on. Hidden names contain `canary`. */
interface Era {
  readonly from: number;
  /** Number in the names of the hidden routers and hosts. */
  readonly names: number;
  /** Address of the hidden host: the last one is outside of the masked prefix. */
  readonly host: string;
  /** Routers that come and go next to the hidden ones. */
  readonly isAway: boolean;
  readonly near: string;
}

const hosts = ['198.51.100.66', '198.51.100.67', '203.0.113.177'];
const nearRouters = ['192.0.2.129', '192.0.2.130'];
const masking = '[publish]\nmask_hops = 2\nmask_private = true\nmask = ["198.51.100.0/24"]\n';

/** All that must not appear, besides names with `canary`. */
const hiddenTexts = [
  'canary',
  ...hosts,
  ...hosts.map((address) => address.replaceAll('.', '-')),
  ...nearRouters,
  '10.0.0.1',
  '10-0-0-1',
  '1.0.0.10.in-addr',
  '010.000.000.001',
  '198.51.100.7',
  '198.51.100.4/30',
];

const named = (ttl: number, ip: string, hostname: string, asn: number) => ({
  ...hop(ttl, ip, ttl * 2),
  hostname,
  as: { number: asn, owner: 'EXAMPLE' },
});

function hopsAt({ names, isAway, near }: Era, source: number) {
  return [
    named(1, '10.0.0.1', `gw-canary${names}.lan.example.edu`, 64_500),
    named(2, near, `near-canary${names}.example.edu`, 64_500),
    named(3, '198.51.100.7', `core${names}-canary.ams.inner.example.edu`, 64_501),
    isAway
      ? named(4, '203.0.113.70', 'other.transit.example', 64_777)
      : named(4, '203.0.113.1', 'open.transit.example', 64_502),
    named(5, `203.0.113.${20 + source}`, 'far.transit.example', 64_502),
    named(6, '203.0.113.9', 'ps-b.example.org', 64_503),
  ];
}

/** The mesh as the archive knows it at a moment: one visible source, and one that is hidden. */
function meshAt(now: number, eras: readonly Era[]): FakeTest[] {
  const present = eras.at(-1) as Era;
  const start = (eras[0] as Era).from;
  const eraOf = (ts: number) => eras.findLast(({ from }) => from <= ts) ?? (eras[0] as Era);
  const times = Array.from({ length: Math.floor((now - 60 - start) / spacing) }, (_, index) => {
    return start + (index + 1) * spacing;
  });
  const words = `10-0-0-1.lan.example.edu, 1.0.0.10.in-addr.arpa, 010.000.000.001, gw-canary${present.names}: no`;
  const source = (number: number, facts: object): FakeTest => ({
    metadata: metadata({
      'metadata-key': keyOf(number),
      'event-types': [eventType('packet-trace', 4e9), eventType('failures', 4e9)],
      'pscheduler-reference-display-task-name': `from canary${present.names} to all`,
      ...facts,
    }),
    results: {
      'packet-trace': times.map((ts) => ({ ts: ts + number, val: hopsAt(eraOf(ts), number) })),
      failures: [{ ts: now - 90, val: { error: words } }],
    },
  });
  const hidden = `host${present.names}-canary.inner.example.edu`;
  return [
    source(1, {
      source: '192.0.2.1',
      'input-source': 'ps-a.example.net',
      'pscheduler-reference-display-task-name': 'open',
    }),
    source(2, { source: present.host, 'input-source': hidden, 'measurement-agent': present.host }),
  ];
}

/** Every file below a folder, its links too, with its path: all generations of the site. */
function everything(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      if (entry.isSymbolicLink()) return `${path} ${readlinkSync(path)}`;
      return entry.isFile() ? `${path} ${readFileSync(path, 'latin1')}` : path;
    })
    .join('\n')
    .toLowerCase();
}

const mailsOf = ({ received }: Mailbox) =>
  received.map(({ source }) => source.replaceAll('=\r\n', '').toLowerCase()).join('\n');

const shownIn = (text: string) => hiddenTexts.filter((each) => text.includes(each));

async function scene(config: string) {
  const box = await openMailbox();
  onTestFinished(() => box.close());
  const at = place(`[http]\nretries = 0\n[site]\nurl = "https://ps.example.org/"
[alerts]\ngroup_wait = "1s"\n[email]\nserver = "127.0.0.1"\nport = ${box.port}
from = "pstrace@example.net"\n[[recipient]]\nname = "noc"\nto = ["noc@example.net"]
alert_from = "info"\n${config}`);
  const mesh: FakeTest[] = [];
  const archive = await serve(mesh);
  const run = (now: number, eras: readonly Era[]) => {
    mesh.splice(0, mesh.length, ...meshAt(now, eras));
    return runAt(now, [archive.base, '24h', ...at.options]);
  };
  return { at, box, run };
}

const eras = fc.array(
  fc.record({
    names: fc.nat(9),
    host: fc.constantFrom(...hosts.slice(0, 2)),
    isAway: fc.boolean(),
    near: fc.constantFrom(...nearRouters),
  }),
  { minLength: 2, maxLength: 3 },
);

test('whatever hidden hosts and routers were ever called or addressed appears in no generation of the site and no mail', async () => {
  await fc.assert(
    fc.asyncProperty(eras, async (course) => {
      const { at, box, run } = await scene(masking);
      const start = noon - 12 * hour;
      // The host begins outside of the prefix; the second era changes all that can change.
      const steps = [
        { names: 10, host: hosts[2] as string, isAway: false, near: nearRouters[0] as string },
        { names: 11, host: hosts[0] as string, isAway: true, near: nearRouters[1] as string },
        ...course,
      ];
      const known: Era[] = [];
      for (const [index, step] of steps.entries()) {
        known.push({ ...step, from: start + index * 3 * hour });
        const now = start + (index + 1) * 3 * hour;
        expect((await run(now, known)).code).toBeLessThan(64);
        if (index > 0) expect(shownIn(everything(at.out))).toEqual([]);
      }
      expect(readFileSync(join(at.out, 'changes.html'), 'utf8')).toContain('64777');
      expect(box.received.length).toBeGreaterThan(0);
      const later = box.received.filter(
        ({ mail }) => Date.parse(mail.date ?? '') > (start + 6 * hour) * 1000,
      );
      expect(shownIn(mailsOf({ ...box, received: later }))).toEqual([]);
      const past = start + 5 * hour;
      const view = ['render', '--until', String(past), ...at.options];
      expect((await runAt(start + 20 * hour, view)).code).toBe(0);
      expect(shownIn(everything(at.out))).toEqual([]);
    }),
    { numRuns: 3, endOnFailure: true },
  );
});

test('once masking is on, one rendering hides all that earlier sites showed, in every generation', async () => {
  const { at, run } = await scene('');
  const known: Era[] = [];
  const start = noon - 12 * hour;
  for (const index of [0, 1, 2]) {
    const [host, near] = [hosts[index % 2] as string, nearRouters[index % 2] as string];
    known.push({ names: index, host, isAway: index === 1, near, from: start + index * 3 * hour });
    await run(start + (index + 1) * 3 * hour, known);
  }
  expect(shownIn(everything(at.out))).toContain('canary');
  const file = join(dirname(at.out), 'pstrace.toml');
  writeFileSync(file, `${readFileSync(file, 'utf8')}\n${masking}`);
  const { code } = await runAt(start + 10 * hour, ['render', ...at.options]);
  expect(code).toBe(0);
  expect(shownIn(everything(at.out))).toEqual([]);
});
