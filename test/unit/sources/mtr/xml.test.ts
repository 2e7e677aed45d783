import { expect, test } from 'vitest';
import { importText, soleRun } from '../../../helpers/importText.ts';

function hub(count: number, host: string, loss: string, best: string): string {
  return `    <HUB COUNT="${count}" HOST="${host}">
        <Loss>${loss}</Loss>
        <Snt>     4</Snt>
        <Last>   2.0</Last>
        <Avg>   1.5</Avg>
        <Best>${best}</Best>
        <Wrst>   2.0</Wrst>
        <StDev>   0.5</StDev>
    </HUB>
`;
}

function document(...hubs: string[]): string {
  return `<?xml version="1.0"?>
<MTR SRC="probe" DST="192.0.2.1" TOS="0x0" PSIZE="1400" BITPATTERN="0x00" TESTS="4">
${hubs.join('')}</MTR>
`;
}

const gateway = hub(1, '198.51.100.1', '  0.0%', '   1.0');
const silent = hub(2, '???', ' 100.0%', '   0.0');
const target = hub(3, '192.0.2.1', ' 50.0%', '   0.0');

test('a run is imported with its padded values', async () => {
  const run = soleRun(await importText(document(gateway, silent, target)));
  expect(run.test.parameters['ip-packet-size']).toBe('1400');
  expect(run.hops).toEqual(['1 198.51.100.1', '2 *', '3 192.0.2.1']);
  expect(run.trace.rttMs).toEqual([1, 0]);
  expect(run.trace.probes).toMatchObject({ sent: [4, 4, 4], received: [4, 2] });
});

test('the format of mtr 0.96 is imported too: trimmed values, another first line', async () => {
  const text = document(gateway, target)
    .replace('version="1.0"', 'version="1.0" encoding="UTF-8" standalone="yes"')
    .replace(/> +/g, '>');
  expect(soleRun(await importText(text)).trace.rttMs).toEqual([1, 0]);
});

test('names with markup and quotes are literal, since mtr does not escape them', async () => {
  const named = hub(1, 'a"><b>&amp;x (198.51.100.1)', '0.0%', '1.0');
  const run = soleRun(await importText(document(named, target)));
  expect(run.hops).toEqual(['1 198.51.100.1', '2 *', '3 192.0.2.1']);
  expect(run.responders.get('198.51.100.1')?.hostname).toBe('a"><b>&x');
});

test('two runs in one file, one of them in a single line', async () => {
  const other = document(hub(1, '192.0.2.2', '0.0%', '1.0')).replace(
    'DST="192.0.2.1"',
    'DST="192.0.2.2"',
  );
  const { readings, problems } = await importText(
    document(target) + other.replace(/\n\s*/g, '').replace('?>', '?>\n'),
  );
  expect(problems).toEqual([]);
  expect(readings).toHaveLength(2);
});

test('an incomplete run is reported with its position, and the next one is imported', async () => {
  const half = document(gateway).replace(/<\/HUB>[\s\S]*/, '');
  const { readings, problems } = await importText(half + document(target) + half);
  expect(readings).toHaveLength(1);
  expect(problems.map(({ message }) => message)).toEqual([
    'runs.txt:2 (byte 22) skipped: incomplete XML document',
    expect.stringContaining('incomplete XML document'),
  ]);
});

test('a hub without its end invalidates a run', async () => {
  const text = document(gateway.replace('</HUB>', ''), target);
  const { readings, problems } = await importText(text);
  expect(readings).toEqual([]);
  expect(problems[0]?.message).toContain('invalid XML document');
});

test('the attribute ADDR after 0.96 is the address of a hop', async () => {
  const named = (count: number, host: string, address: string) =>
    hub(count, host, '0.0%', '1.0').replace('">', `" ADDR="${address}" HOSTNAME="${host}">`);
  const run = soleRun(
    await importText(
      document(named(1, 'r1.example.net', '198.51.100.9'), named(2, '???', '???'), target),
    ),
  );
  expect(run.hops).toEqual(['1 198.51.100.9', '2 *', '3 192.0.2.1']);
  expect(run.responders.get('198.51.100.9')?.hostname).toBe('r1.example.net');
});

test('mtr up to 0.85 writes no quotes, and an empty element for a gap', async () => {
  const text = document(hub(1, 'r1 of lab (198.51.100.9)', ' 0.0%', '1.0'), silent, target)
    .replace(/<\?xml.*\n/, '')
    .replace(/="([^"]*)"/g, '=$1')
    .replace(/(<\/?)Loss>/g, '$1Loss%>')
    .replace(/<Last>/g, '< > </ >\n        <Last>');
  const run = soleRun(await importText(text));
  expect(run.hops).toEqual(['1 198.51.100.9', '2 *', '3 192.0.2.1']);
  expect(run.trace.probes).toMatchObject({ sent: [4, 4, 4], received: [4, 2] });
});
