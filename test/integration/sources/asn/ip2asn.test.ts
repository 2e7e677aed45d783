import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ip2asnLookup } from '../../../../src/sources/asn/ip2asn.ts';
import { tempDir } from '../../../helpers/tempDir.ts';

const lines = `192.0.2.0\t192.0.2.127\t64500\tUS\tEXAMPLE-ONE Example Network
192.0.2.128\t192.0.2.255\t0\tNone\tNot routed
198.51.100.0\t198.51.101.255\t4200000000\tDE\t<b>\u202eTWO</b>
damaged
2001:db8::\t2001:db8:0:ffff:ffff:ffff:ffff:ffff\t64501\tNL\tEXAMPLE-SIX
`;

function file(name: string, content: string | Buffer): string {
  const path = join(tempDir(), name);
  writeFileSync(path, content);
  return path;
}

test.each([
  ['ip2asn.tsv', lines],
  ['ip2asn.tsv.gz', gzipSync(lines)],
])('%s has the ASes of the addresses in its ranges', async (name, content) => {
  const look = ip2asnLookup(file(name, content));
  const found = await look([
    ...['2001:db8::1', '198.51.101.255', '192.0.2.0', '192.0.2.127', '192.0.2.128', '203.0.113.1'],
    ...['2001:db8:1::', 'no address'],
  ]);
  expect(Object.fromEntries(found)).toEqual({
    '192.0.2.0': { asn: 64500, asName: 'EXAMPLE-ONE Example Network' },
    '192.0.2.127': { asn: 64500, asName: 'EXAMPLE-ONE Example Network' },
    '198.51.101.255': { asn: 4_200_000_000, asName: '<b>TWO</b>' },
    '2001:db8::1': { asn: 64501, asName: 'EXAMPLE-SIX' },
  });
});

test('a missing file, an invalid gzip file and another file are reported', async () => {
  await expect(ip2asnLookup('/nonexistent/ip2asn.tsv')(['192.0.2.1'])).rejects.toMatchObject({
    kind: 'store',
    message: expect.stringContaining('cannot read the list of AS numbers'),
  });
  await expect(ip2asnLookup(file('a.gz', 'text'))(['192.0.2.1'])).rejects.toMatchObject({
    kind: 'misconfigured',
  });
  const other = file('a.tsv', '<html>\n');
  await expect(ip2asnLookup(other)(['192.0.2.1'])).rejects.toMatchObject({
    message: `${other} is not a list of AS numbers`,
  });
});
