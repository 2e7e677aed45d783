import { expect, test } from 'vitest';
import {
  formatAsPath,
  formatDuration,
  formatMs,
  formatMsDifference,
  formatPercent,
  pluralize,
} from '../../../src/analysis/window/textFormat.ts';

test('times show three figures and their unit', () => {
  expect([0, 0.25, 9.994, 9.996, 12.34, 99.94, 99.96, 148.4].map(formatMs)).toEqual([
    '0.00 ms',
    '0.25 ms',
    '9.99 ms',
    '10.0 ms',
    '12.3 ms',
    '99.9 ms',
    '100 ms',
    '148 ms',
  ]);
  expect([17, -2.5].map(formatMsDifference)).toEqual(['+17.0 ms', '−2.50 ms']);
});

test('a share is never called 0 % or 100 % when it is not', () => {
  expect([0, 0.001, 0.5, 0.999, 1].map(formatPercent)).toEqual([
    '0 %',
    'less than 1 %',
    '50 %',
    'more than 99 %',
    '100 %',
  ]);
});

test('spans of time have the unit that fits', () => {
  expect([45, 1500, 18_720, 270_000].map(formatDuration)).toEqual([
    '45 s',
    '25 min',
    '5.2 h',
    '3.1 d',
  ]);
});

test('words agree in number', () => {
  expect([pluralize(1, 'trace'), pluralize(0, 'trace')]).toEqual(['1 trace', '0 traces']);
  expect([formatAsPath([64496, 64497]), formatAsPath([])]).toEqual(['64496 64497', 'unknown']);
});
