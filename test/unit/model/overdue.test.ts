import { expect, test } from 'vitest';
import { isOverdue } from '../../../src/model/test/overdue.ts';

test('a result is overdue after more than two and a half intervals', () => {
  expect(isOverdue(1500, 600)).toBe(false);
  expect(isOverdue(1501, 600)).toBe(true);
});
