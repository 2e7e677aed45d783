import { expect, test } from 'vitest';
import { type FakeTest, hop, metadata } from '../../../helpers/fakeArchive.ts';
import { pages, place, pstrace } from '../../cli/command.ts';
import { keyOf, now, serve } from '../mesh.ts';

const [ownAs, foreignAs] = [64_500, 66_600];

/** A test over 198.51.100.1, whose AS and reverse name the archive states. */
function statedTest(number: number, asn: number, name: string): FakeTest {
  const times = Array.from({ length: 30 }, (_, index) => now - 60 - 600 * (29 - index));
  const router = {
    ...hop(1, '198.51.100.1'),
    hostname: name,
    as: { number: asn, owner: `OWNER-${asn}` },
  };
  return {
    metadata: metadata({
      'metadata-key': keyOf(number),
      source: `192.0.2.${number}`,
      'input-source': `ps-${number}.example.net`,
    }),
    results: {
      'packet-trace': times.map((ts) => ({ ts, val: [router, hop(2, '203.0.113.9')] })),
    },
  };
}

test('an archive names no routers of tests of another one, and breaks none of their policies', async () => {
  const own = await serve([statedTest(1, ownAs, 'core-1.example.net')]);
  const foreign = await serve([statedTest(2, foreignAs, 'owned-by-b.evil.example')]);
  const at = place(`
    [[archive]]
    url = "${own.base}"
    [[archive]]
    url = "${foreign.base}"
    [[policy]]
    tests = "ps-1.example.net > *"
    must_avoid = "AS${foreignAs}"
    [dns]
    names = "off"
  `);
  for (let run = 0; run < 2; run++) {
    const { code, stderr } = await pstrace('6h', ...at.options);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  }
  const site = pages(at.out);
  const pagesOf = (number: number) =>
    [...site].filter(([path]) => path.startsWith(`tests/192.0.2.${number}_`));
  const joined = (number: number) =>
    pagesOf(number)
      .map(([, body]) => body)
      .join('\n');
  expect(joined(1)).toContain('core-1.example.net');
  expect(joined(1)).toContain(`AS${ownAs}`);
  expect(joined(1)).not.toMatch(/evil\.example|66600/);
  expect(joined(2)).toContain('owned-by-b.evil.example');
  expect(site.get('data/changes.ndjson') ?? '').not.toContain('"policy"');
  expect(site.get('data/topology.json')).toContain('core-1.example.net');
});
