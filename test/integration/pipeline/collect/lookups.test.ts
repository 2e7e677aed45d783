import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Responder } from '../../../../src/model/trace/trace.ts';
import { openStore } from '../../../../src/store/open.ts';
import { type DnsZone, serveDns } from '../../../helpers/dnsServer.ts';
import { fakeMtr } from '../../../helpers/fakeMtr.ts';
import { mmdb } from '../../../helpers/mmdb.ts';
import { tempDir } from '../../../helpers/tempDir.ts';
import { pages, place, pstrace } from '../../cli/command.ts';
import { now } from '../mesh.ts';

/** A place that measures two targets by a stand-in of mtr: both behind 198.51.100.1. */
async function measuring(zone: DnsZone, settings: string) {
  const folder = tempDir();
  const { server, questions } = await serveDns(zone);
  const targets = join(folder, 'hosts');
  writeFileSync(targets, '203.0.113.9\n203.0.113.10\n');
  const { command } = fakeMtr(folder);
  const config = settings.replace('SERVERS', `servers = ["${server}"]`);
  const here = place(`[mtr]\ncommand = "${command}"\ntargets = "${targets}"\n${config}`);
  return { ...here, questions, mtr: () => pstrace('mtr', ...here.options.slice(2)) };
}

function responders(state: string): Record<string, Omit<Responder, 'address'>> {
  const store = openStore(state, now, 'read');
  const all = [...store.responders().merged().values()].map(({ address, ...known }) => [
    address,
    known,
  ]);
  store.close();
  return Object.fromEntries(all);
}

const zone: DnsZone = {
  'PTR 1.100.51.198.in-addr.arpa': ['r1.example.net'],
  'PTR 9.113.0.203.in-addr.arpa': ['<b>x</b>.example.net'],
  'TXT 1.100.51.198.origin.asn.cymru.com': ['64500 | 198.51.100.0/24 | US | arin | 2002-01-04'],
  'TXT as64500.asn.cymru.com': ['64500 | US | arin | 2002-01-04 | EXAMPLE, US'],
};

test('names of a local path are asked once for, and stand on the pages', async () => {
  const here = await measuring(zone, '[dns]\nSERVERS\n');
  expect(await here.mtr()).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(responders(here.state)).toMatchObject({
    '198.51.100.1': { hostname: 'r1.example.net', asn: null },
    '203.0.113.9': { hostname: '<b>x</b>.example.net' },
    '203.0.113.10': { hostname: null },
  });
  expect((await here.mtr()).code).toBe(0);
  expect(here.questions.toSorted()).toEqual([
    'PTR 1.100.51.198.in-addr.arpa',
    'PTR 10.113.0.203.in-addr.arpa',
    'PTR 9.113.0.203.in-addr.arpa',
  ]);
  expect((await pstrace('--mtr-only', '1h', ...here.options)).code).toBe(0);
  const html = [...pages(here.out)].filter(([path]) => path.endsWith('.html'));
  const site = html.map(([, body]) => body).join('\n');
  expect(site).toContain('r1.example.net');
  expect(site).not.toContain('<b>x</b>');
});

test('with names = "off" no server is asked', async () => {
  const here = await measuring(zone, '[dns]\nnames = "off"\nSERVERS\n');
  expect((await here.mtr()).code).toBe(0);
  expect((await pstrace('--mtr-only', '1h', ...here.options)).code).toBe(0);
  expect(here.questions).toEqual([]);
});

test('a server that is silent costs seconds, once an hour, and nothing else', async () => {
  const silence = Object.fromEntries(
    ['1.100.51.198', '9.113.0.203', '10.113.0.203'].map((address) => [
      `PTR ${address}.in-addr.arpa`,
      'silence' as const,
    ]),
  );
  const here = await measuring(silence, '[dns]\nSERVERS\n');
  expect(await here.mtr()).toEqual({ code: 0, stdout: '', stderr: '' });
  const asked = here.questions.length;
  expect(asked).toBeGreaterThan(0);
  expect((await here.mtr()).code).toBe(0);
  expect(here.questions).toHaveLength(asked);
});

test('AS numbers come from a file of either form, before the first pages', async () => {
  const tsv = join(tempDir(), 'ip2asn.tsv');
  writeFileSync(tsv, '198.51.100.0\t198.51.100.255\t64500\tUS\tEXAMPLE-ONE\n');
  const database = join(tempDir(), 'asn.mmdb');
  const record = { autonomous_system_number: 64500, autonomous_system_organization: 'EXAMPLE-ONE' };
  writeFileSync(database, mmdb({ '198.51.100.0/24': record }, 'DBIP-ASN-Lite'));
  for (const file of [tsv, database]) {
    const here = await measuring({}, `[dns]\nnames = "off"\n[as]\nfile = "${file}"\n`);
    expect(await here.mtr()).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await pstrace('--mtr-only', '1h', ...here.options)).code).toBe(0);
    expect(pages(here.out).get('topology.html')).toContain('EXAMPLE-ONE');
    expect(responders(here.state)['198.51.100.1']).toMatchObject({ asn: 64500 });
  }
});

test('an invalid file is reported, and the results stay', async () => {
  const here = await measuring({}, '[dns]\nnames = "off"\n[as]\nfile = "/no/such.tsv"\n');
  const { code, stderr } = await here.mtr();
  expect(code).toBe(75);
  expect(stderr).toMatch(/cannot read the list of AS numbers/);
  expect(Object.keys(responders(here.state))).toHaveLength(3);
});

test('Team Cymru is asked only where the configuration says so', async () => {
  const here = await measuring(zone, '[dns]\nnames = "off"\nSERVERS\n[as]\ncymru = true\n');
  expect((await here.mtr()).code).toBe(0);
  expect(responders(here.state)['198.51.100.1']).toEqual({
    ...{ hostname: null, asn: 64500, asName: 'EXAMPLE, US' },
  });
  expect(here.questions.every((question) => question.startsWith('TXT '))).toBe(true);
});
