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
