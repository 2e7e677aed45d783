import { expect, test } from 'vitest';
import { ForeignText } from '../../../../src/model/run/foreignText.ts';
import { type Imported, importText, writtenAt } from '../../../helpers/importText.ts';
import { mtrCsv } from '../../../helpers/mtrCsv.ts';

const host = (number: number) => `192.0.2.${number}`;
const time = (number: number) => writtenAt - 6000 + 600 * number;

function traceroute(number: number): string {
  return `traceroute to ${host(number)} (${host(number)}), 30 hops max, 60 byte packets
 1  198.51.100.1  0.5 ms  0.6 ms
 2  ${host(number)}  4.1 ms  4.2 ms
`;
}

function dated(...numbers: number[]): string {
  return numbers
    .map((number) => `${new Date(time(number) * 1000).toISOString()}\n${traceroute(number % 3)}`)
    .join('');
}

function json(number: number): string {
  const hubs = [{ count: 1, host: host(number), 'Loss%': 0, Snt: 2, Best: 1, Avg: 1, Wrst: 1 }];
  return `${JSON.stringify({ report: { mtr: { dst: host(number), tests: 2 }, hubs } }, null, 1)}\n`;
}

/** Target and time of every trace, without those of the same second. */
const tracesOf = (...imports: Imported[]) =>
  imports
    .flatMap(({ readings }) => readings)
    .flatMap(({ test: { destination }, traces }) =>
      traces.map(({ startedAt, route }) => `${destination.name} ${startedAt} ${route.hops.length}`),
    )
    .sort();

const logs: [string, string][] = [
  ['a log with dates', dated(1, 2, 3, 4, 5)],
  ['a date before runs to several targets', `${dated(1)}${traceroute(5)}${traceroute(6)}`],
  ['documents of JSON', json(1) + json(2) + json(3)],
  ['an array of documents in one line', `[${[1, 2, 3].map(json).join(',').replaceAll('\n', '')}]`],
];

test.each(logs)('a file that grows anywhere has the runs of the whole: %s', async (_, text) => {
  const whole = await importText(text);
  for (let length = 0; length <= text.length; length += 1) {
    const first = await importText(text.slice(0, length));
    const second = await importText(text, {}, { resume: first.resume });
    expect(tracesOf(first, second), `after ${length} characters`).toEqual(tracesOf(whole));
    expect(second.problems).toEqual([]);
  }
});

test('the titles of columns hold for the rows that a file gains', async () => {
  const text = mtrCsv(time(1), time(2), time(3)).replace('Last,Avg,Best', 'Best,Avg,Javg');
  const before = text.indexOf(`MTR.0.95,${time(3)}`);
  const first = await importText(text.slice(0, before));
  const second = await importText(text, {}, { resume: first.resume });
  expect(tracesOf(first, second)).toEqual(tracesOf(await importText(text)));
  expect(second.readings[0]?.traces[0]?.rttMs).toEqual([1.1, 5.1]);
});

test('without times, the run that a file gained has the time of the file', async () => {
  const first = await importText(traceroute(1) + traceroute(1));
  expect(first.problems).toHaveLength(1);
  const text = traceroute(1) + traceroute(1) + traceroute(1);
  const second = await importText(text, {}, { resume: first.resume });
  expect(tracesOf(second)).toEqual([`${host(1)} ${writtenAt} 2`]);
  expect(second.problems).toEqual([]);
});

test('a fault is reported once, with its line in the file', async () => {
  const text = `${traceroute(1)}rubbish\n${traceroute(2)}`;
  const first = await importText(text);
  expect(first.problems).toHaveLength(1);
  const second = await importText(`${text}more rubbish\n`, {}, { resume: first.resume });
  expect(second.problems).toEqual([
    expect.objectContaining({
      message: expect.stringMatching(/^runs\.txt:8 /),
      detail: new ForeignText('more rubbish'),
    }),
  ]);
});
