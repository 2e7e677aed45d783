import { expect, test } from 'vitest';
import { parseThreshold } from '../../../src/model/alerting/threshold.ts';

// The examples of the Monitoring Plugins guidelines.
test.each([
  ['10', [-1, 11], [0, 10]],
  ['10:', [9], [10, 99]],
  ['~:10', [11], [-99, 10]],
  ['10:20', [9, 21], [10, 20]],
  ['@10:20', [10, 20], [9, 21]],
])('%s', (text, raised, calm) => {
  const threshold = parseThreshold(text);
  expect(raised.map((value) => threshold?.isRaisedBy(value))).toEqual(raised.map(() => true));
  expect(calm.map((value) => threshold?.isRaisedBy(value))).toEqual(calm.map(() => false));
});

test.each(['', ':', '@', 'x', '20:10', '10;', '1 2', '~'])('%j is no range', (text) => {
  expect(parseThreshold(text)).toBeNull();
});
