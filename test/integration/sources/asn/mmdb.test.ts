import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { asFileLookup } from '../../../../src/sources/asn/asFile.ts';
import { mmdb } from '../../../helpers/mmdb.ts';
import { tempDir } from '../../../helpers/tempDir.ts';

function file(content: string | Buffer): string {
  const path = join(tempDir(), 'asn.MMDB');
  writeFileSync(path, content);
  return path;
}

const geoLite = {
  autonomous_system_number: 64500,
  autonomous_system_organization: 'Example <b>\u202eNetwork</b>',
};

test('a file of MaxMind has the ASes of addresses of both families', async () => {
  const content = mmdb(
    {
      '192.0.2.0/25': geoLite,
      '2001:db8::/32': { autonomous_system_number: 4_200_000_000 },
      '198.51.100.0/24': { asn: 'AS64502', as_name: 'As IPinfo writes it' },
      '203.0.113.0/24': { autonomous_system_number: 0, name: 'nobody' },
    },
    'GeoLite2-ASN',
  );
  const wanted = ['192.0.2.1', '192.0.2.129', '2001:db8::1', '198.51.100.9', '203.0.113.1'];
  expect(Object.fromEntries(await asFileLookup(file(content))(wanted))).toEqual({
    '192.0.2.1': { asn: 64500, asName: 'Example <b>Network</b>' },
    '2001:db8::1': { asn: 4_200_000_000, asName: null },
    '198.51.100.9': { asn: 64502, asName: 'As IPinfo writes it' },
  });
});

test('a missing or truncated file, another file and another database are reported', async () => {
  const whole = mmdb({ '192.0.2.0/25': geoLite }, 'GeoLite2-ASN');
  const look = (path: string) => asFileLookup(path)(['192.0.2.1']);
  await expect(look('/nonexistent/asn.mmdb')).rejects.toMatchObject({
    kind: 'misconfigured',
    message: expect.stringContaining('cannot read the list of AS numbers'),
  });
  const noDatabase = {
    kind: 'misconfigured',
    message: expect.stringContaining('not a database of'),
  };
  await expect(look(file(''))).rejects.toMatchObject(noDatabase);
  await expect(look(file('192.0.2.0\t192.0.2.255\t64500\n'))).rejects.toMatchObject(noDatabase);
  await expect(look(file(whole.subarray(0, whole.length >> 1)))).rejects.toMatchObject(noDatabase);
  const cities = mmdb({ '192.0.2.0/25': { city: 'Leiden' } }, 'GeoLite2-City');
  await expect(look(file(cities))).rejects.toMatchObject(noDatabase);
  const damaged = Buffer.from(whole).fill(0xff, 0, 300);
  await expect(look(file(damaged))).rejects.toMatchObject(noDatabase);
});
