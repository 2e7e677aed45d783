import { expect, test } from 'vitest';
import { ExpectedError } from '../../../src/lib/errors.ts';
import type { Problem } from '../../../src/model/run/problem.ts';

test('an expected failure becomes a problem of the model unchanged', () => {
  const problem: Problem = {
    kind: 'unreachable',
    subject: 'ma.example.org',
    message: 'ma.example.org does not answer',
    remedy: null,
  };
  const error = new ExpectedError(problem, { cause: new Error('ECONNREFUSED') });
  expect(error.toProblem()).toEqual(problem);
  expect(error).toBeInstanceOf(Error);
  expect(String(error)).toBe('ExpectedError: ma.example.org does not answer');
  expect(error.cause).toMatchObject({ message: 'ECONNREFUSED' });
});
