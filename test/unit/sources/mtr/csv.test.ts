import { expect, test } from 'vitest';
import { importText, soleRun } from '../../../helpers/importText.ts';

const header = 'Mtr_Version,Start_Time,Status,Host,Hop,Ip,Loss%,Snt, ,Last,Avg,Best,Wrst,StDev,';
const start = 1_795_190_000;
const first = `MTR.0.95,${start},OK,192.0.2.1,1,198.51.100.1,0.00,4,0,1.10,2.20,0.90,9.00,1.00`;
const silent = `MTR.0.95,${start},OK,192.0.2.1,2,???,100.00,4,4,0.00,0.00,0.00,0.00,0.00`;
const last = `MTR.0.95,${start},OK,192.0.2.1,3,192.0.2.1,25.00,4,1,3.00,3.00,2.50,4.00,0.50`;

function file(...rows: string[]): string {
  return `${rows.join('\n')}\n`;
}

test('a run is imported with its own time and target; the unnamed column is the loss', async () => {
  const run = soleRun(await importText(file(header, first, silent, last)));
  expect(run.trace.startedAt).toBe(start);
  expect(run.test.source.name).toBe('collector.example.net');
  expect(run.hops).toEqual(['1 198.51.100.1', '2 *', '3 192.0.2.1']);
  expect(run.trace.rttMs).toEqual([0.9, 2.5]);
  expect(run.trace.probes).toMatchObject({ sent: [4, 4, 4], received: [4, 3] });
});

test('columns follow the header, for any -o', async () => {
  const run = soleRun(
    await importText(
      file(
        'Mtr_Version,Start_Time,Status,Host,Hop,Ip,Asn,Best,Drop,Snt,Javg,',
        `MTR.0.94,${start},OK,192.0.2.1,1,192.0.2.1,AS64500,1.50,1,5,0.30`,
      ),
    ),
  );
  expect(run.trace.probes).toMatchObject({ sent: [5], received: [4] });
  expect(run.trace.rttMs).toEqual([1.5]);
  expect(run.responders.get('192.0.2.1')?.asn).toBe(64500);
});

test('rows without a header have the default columns', async () => {
  const withAs = last.replace('192.0.2.1,25', '192.0.2.1,AS64500,25');
  expect(soleRun(await importText(file(first, silent, last))).trace.rttMs).toEqual([0.9, 2.5]);
  expect(soleRun(await importText(file(withAs))).responders.get('192.0.2.1')?.asn).toBe(64500);
});

test('a decimal comma adds a field', async () => {
  const run = soleRun(
    await importText(
      file(header, `MTR.0.92,${start},OK,192.0.2.1,1,192.0.2.1,25,00,4,1,3,00,3,25,2,50,4,00,0,50`),
    ),
  );
  expect(run.trace.rttMs).toEqual([2.5]);
  expect(run.trace.probes).toMatchObject({
    received: [3],
    spread: { avgMs: [3.25], worstMs: [4], stdevMs: [0.5] },
  });
});

test('a comma in a host name shifts no column', async () => {
  const row = last.replace('3,192.0.2.1', '3,"a,b" (192.0.2.1)');
  const run = soleRun(await importText(file(header, row)));
  expect(run.hops).toEqual(['3 192.0.2.1']);
  expect(run.responders.get('192.0.2.1')?.hostname).toBe('"a,b"');
});

test('with -w, every host of a hop has a row with the same values, which count once', async () => {
  const other = first.replace('198.51.100.1', '198.51.100.2');
  const run = soleRun(await importText(file(header, first, other, last)));
  expect(run.hops).toEqual(['1 198.51.100.1/198.51.100.2', '2 *', '3 192.0.2.1']);
  expect(run.trace.rttMs).toEqual([0.9, null, 2.5]);
  expect(run.trace.probes?.received).toEqual([4, 0, 3]);
});

test('start and target separate runs, with or without headers between them', async () => {
  const later = last.replaceAll(String(start), String(start + 300));
  const elsewhere = last.replaceAll('192.0.2.1', '192.0.2.9');
  const again = last.replace(',3,192', ',1,192');
  const { readings, problems } = await importText(
    file(header, first, last, later, header, elsewhere, again.replace('95,', '95,1')),
  );
  expect(problems.map(({ message }) => message)).toEqual([
    expect.stringContaining('its time is in the future'),
  ]);
  expect(
    readings.map((reading) => [
      reading.test.destination.name,
      reading.traces.map(({ startedAt }) => startedAt),
    ]),
  ).toEqual([
    ['192.0.2.1', [start, start + 300]],
    ['192.0.2.9', [start]],
  ]);
});

test('an incomplete row invalidates its run and no other', async () => {
  const later = last.replaceAll(String(start), String(start + 300));
  const { readings, problems } = await importText(
    file(header, first, silent.slice(0, 60), later, last.slice(0, 20)),
  );
  expect(problems.map(({ message }) => message)).toEqual([
    expect.stringContaining('runs.txt:3 (byte 162)'),
    expect.stringContaining('runs.txt:5 '),
  ]);
  expect(readings).toEqual([]);
});

test('an endless run does not exhaust the memory', async () => {
  const rows = Array.from({ length: 5000 }, (_, index) =>
    first.replace('198.51.100.1', `198.51.${index >> 8}.${index & 255}`),
  );
  const { readings, problems } = await importText(file(header, ...rows.slice(0, 4000)));
  expect(problems).toEqual([]);
  expect(readings[0]?.traces[0]?.rttMs).toHaveLength(128);
  expect((await importText(file(header, ...rows))).problems).toHaveLength(1);
});

test('without Loss%, the unnamed column is the loss', async () => {
  const text = file(
    'Mtr_Version,Start_Time,Status,Host,Hop,Ip,Snt, ,Best,',
    `MTR.0.94,${start},OK,192.0.2.1,1,192.0.2.1,5,2,1.50`,
  );
  expect(soleRun(await importText(text)).trace.probes?.received).toEqual([3]);
});

test('mtr 0.85 and 0.86 separate by semicolons and write the last time in microseconds', async () => {
  const row = (hop: number, rest: string) => `MTR.0.85;1770000000;OK;203.0.113.9;${hop};${rest}\n`;
  const text = row(1, '198.51.100.1;612') + row(2, '???;0') + row(3, '203.0.113.9;10512');
  const imported = await importText(text);
  expect(imported.problems).toEqual([]);
  const run = soleRun(imported);
  expect(run.hops).toEqual(['1 198.51.100.1', '2 *', '3 203.0.113.9']);
  expect(run.trace).toMatchObject({
    startedAt: 1_770_000_000,
    rttMs: [0.612, 10.512],
    probes: null,
  });
  const withAsn = soleRun(await importText(row(1, '203.0.113.9;AS64510;512')));
  expect(withAsn.responders.get('203.0.113.9')?.asn).toBe(64_510);
  const cut = await importText(text.slice(0, -3));
  expect(cut.readings).toEqual([]);
});
