import { expect, test } from 'vitest';
import { markOutages } from '../../../src/analysis/window/outages.ts';

/** `+` reached, `-` missed; the answer marks the misses of an outage with `x`. */
function marked(course: string): string {
  const flags = markOutages([...course].map((mark) => mark === '+'));
  return [...course].map((mark, i) => (flags[i] ? 'x' : mark)).join('');
}

test('two misses in a row are an outage where the destination always answered', () => {
  expect(marked('+++--+++')).toBe('+++xx+++');
  expect(marked('+++++--')).toBe('+++++xx');
  expect(marked('--+++')).toBe('xx+++');
});

test('single misses are none', () => {
  expect(marked('++-+++++++-')).toBe('++-+++++++-');
});

test('one miss in three makes four in a row an outage, three are chance', () => {
  const usual = '++-'.repeat(10);
  expect(marked(`${usual}++---+`)).toBe(`${usual}++---+`);
  expect(marked(`${usual}++-----+`)).toBe(`${usual}++xxxxx+`);
});

test('a destination that answers one time in ten is not down for long', () => {
  const usual = '+---------'.repeat(5);
  expect(marked(`${usual}${'-'.repeat(20)}`)).toBe(`${usual}${'-'.repeat(20)}`);
});

test('a destination that never or only once answered cannot go down', () => {
  expect(marked('-----')).toBe('-----');
  expect(marked('+---')).toBe('+---');
  expect(marked('++--')).toBe('++xx');
});

test('a second outage is found as well as the first', () => {
  const day = '+'.repeat(60);
  expect(marked(`${day}----------${day}--`)).toBe(`${day}xxxxxxxxxx${day}xx`);
});
