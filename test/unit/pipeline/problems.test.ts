import { expect, test } from 'vitest';
import { ExpectedError } from '../../../src/lib/errors.ts';
import { Interrupted } from '../../../src/lib/interrupt.ts';
import { createLog } from '../../../src/lib/log.ts';
import { ForeignText } from '../../../src/model/run/foreignText.ts';
import type { Problem } from '../../../src/model/run/problem.ts';
import {
  formatProblem,
  logProblems,
  mergeAlike,
  toContainedProblem,
} from '../../../src/pipeline/problems.ts';

function logged() {
  const lines: string[] = [];
  const stream = { write: (text: string) => lines.push(text.trimEnd()) };
  return { lines, log: createLog({ level: 'warn', json: false, stream }) };
}

const refused = (subject: string): Problem => ({
  kind: 'unreachable',
  subject,
  message: 'connection refused',
  remedy: null,
});

test('a hundred tests that fail alike are one line, not a hundred', () => {
  const problems = Array.from({ length: 100 }, (_, index) => refused(`test ${index}`));
  expect(mergeAlike([...problems, { ...refused('other'), message: 'reset' }])).toEqual([
    { ...refused('test 0'), subject: 'test 0 and 99 more' },
    { ...refused('other'), message: 'reset' },
  ]);
});

test('no more lines than a mail can bear', () => {
  const { lines, log } = logged();
  logProblems(
    Array.from({ length: 500 }, (_, index) => refused(`test ${index}`)),
    log,
  );
  expect(lines).toHaveLength(21);
  expect(lines.at(-1)).toBe('pstrace: warning: and 480 more problems; the status page lists them');
});

test('a sentence names its subject once and ends before the remedy begins', () => {
  expect(formatProblem(refused('ma.example.org'))).toBe('ma.example.org: connection refused');
  expect(formatProblem({ ...refused('a'), message: 'a is down', remedy: 'Wait.' })).toBe(
    'a is down. Wait.',
  );
  expect(formatProblem({ ...refused('b'), message: 'Down!', remedy: 'Wait.' })).toBe(
    'b: Down! Wait.',
  );
});

test('a failure of one test is contained, a bug too, with its stack in the log', () => {
  const { lines, log } = logged();
  const session = { log, signal: new AbortController().signal };
  expect(toContainedProblem(new ExpectedError(refused('host')), 'test 1', session)).toEqual(
    refused('test 1'),
  );
  expect(lines).toEqual([]);
  expect(toContainedProblem(new TypeError('x is undefined'), 'test 2', session)).toMatchObject({
    subject: 'test 2',
    message: 'pstrace itself failed here.',
    detail: new ForeignText('x is undefined'),
  });
  expect(lines[0]).toBe(
    'pstrace: error: this is a bug in pstrace, please report it: x is undefined subject="test 2"',
  );
  expect(lines.join('\n')).toMatch(/problems\.test\.ts:\d+/);
});

test('what concerns the whole run is not contained', () => {
  const { log } = logged();
  const controller = new AbortController();
  const session = { log, signal: controller.signal };
  const full = new ExpectedError({ ...refused('pstrace.db'), kind: 'store' });
  expect(() => toContainedProblem(full, 'test 1', session)).toThrow(full);
  controller.abort(new Interrupted('SIGTERM'));
  expect(() => toContainedProblem(new Error('socket closed'), 'test 1', session)).toThrow(
    Interrupted,
  );
});
