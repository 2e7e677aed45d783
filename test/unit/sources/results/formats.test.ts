import { join } from 'node:path';
import { expect, test } from 'vitest';
import { formatSamples } from '../../../helpers/formatSamples.ts';
import { importText, soleRun, writtenAt } from '../../../helpers/importText.ts';

/** The page of the formats; `vitest -u` writes it. */
const page = join(import.meta.dirname, '../../../../docs/formats.md');

test.each(formatSamples)('$tool $option is read', async (format) => {
  const { sample, namesTarget, startedAt, tests } = format;
  const options = namesTarget ? {} : { destination: '203.0.113.9' };
  const imported = await importText(sample, options);
  expect(imported.problems).toEqual([]);
  const run = soleRun(imported);
  expect(run.hops).toEqual(['1 198.51.100.1', '2 203.0.113.9']);
  expect(run.trace.route.reached).toBe(true);
  expect(run.trace.startedAt).toBe(startedAt ?? writtenAt);
  expect(run.test).toMatchObject({ tool: tests, destination: { name: '203.0.113.9' } });
});

test('a saved answer of an archive has the MTU and the ICMP errors that the archive reports', async () => {
  const val = [
    { ttl: 1, query: 1, success: 1, ip: '198.51.100.1', rtt: 1, mtu: '9000.0' },
    {
      ttl: 2,
      query: 1,
      success: 0,
      ip: '198.51.100.2',
      mtu: 1500,
      error_message: 'noRouteToTarget',
    },
    { ttl: 3, query: 1, success: 0, error_message: 'requestTimedOut', mtu: 1500 },
  ];
  const sample = JSON.stringify([{ ts: writtenAt, val }]);
  const { route } = soleRun(await importText(sample, { destination: '203.0.113.9' })).trace;
  expect(route.pathMtu).toBe(1500);
  expect(route.hops.map(({ mtu, error }) => [mtu, error])).toEqual([
    [9000, null],
    [1500, 'net-unreachable'],
  ]);
});

test('the page of the formats has each of them', async () => {
  const rows = formatSamples.map(
    ({ tool, version, option, reads }) => `| ${tool} | ${version} | ${option} | ${reads} |`,
  );
  const text = `# Formats of imported files

\`pstrace import\` reads the formats below, in any mixture, plain or packed; see [importing
files](sources.md#importing-files). A test reads a sample of each. Every format supplies hops and
round-trip times; the last column lists the other values.

| Tool | Version | Output | Read |
|---|---|---|---|
${rows.join('\n')}
`;
  await expect(text).toMatchFileSnapshot(page);
});
