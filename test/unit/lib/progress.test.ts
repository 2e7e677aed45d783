import { Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createProgress } from '../../../src/lib/progressBars.ts';

/** A terminal for cli-progress that records its output. */
function terminal(isTTY: boolean) {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  }) as unknown as NodeJS.WriteStream;
  Object.assign(stream, { isTTY, columns: 120, rows: 40 });
  return { stream, text: () => text };
}

test('nothing is shown without a terminal', () => {
  const { stream, text } = terminal(false);
  const progress = createProgress(stream);
  const phase = progress.phase('tests', 10);
  phase.addTotal(5);
  phase.advance(3);
  progress.stream.write('a line\n');
  progress.stop();
  expect(text()).toBe('a line\n');
});

test('a terminal shows each phase with count, total and estimated remaining time', () => {
  const { stream, text } = terminal(true);
  const progress = createProgress(stream);
  progress.phase('archives', 2).advance();
  const tests = progress.phase('tests', 0);
  tests.addTotal(40);
  tests.advance(7);
  progress.stop();
  expect(text()).toMatch(/archives .* 1\/2 {2}ETA \S+/);
  expect(text()).toMatch(/tests .* 7\/40 {2}ETA \S+/);
  expect(text()).not.toMatch(/NaN|INF|NULL|undefined/);
});

test('a log line during the display is printed completely, and the cursor is restored', () => {
  const { stream, text } = terminal(true);
  const progress = createProgress(stream);
  progress.phase('tests', 2).advance();
  progress.stream.write('pstrace: warning: something\n');
  progress.stop();
  progress.stream.write('afterwards\n');
  expect(text()).toContain('pstrace: warning: something\n');
  expect(text()).toContain('\u001b[?25h');
  expect(text().endsWith('afterwards\n')).toBe(true);
});

test('every bar is redrawn below a log line, even an unchanged one', async () => {
  const { stream, text } = terminal(true);
  const progress = createProgress(stream);
  progress.phase('archives', 2);
  progress.phase('tests', 2);
  await setTimeout(250);
  progress.stream.write('a line\n');
  progress.stop();
  const below = text().slice(text().indexOf('a line'));
  expect(below).toMatch(/archives .*0\/2/);
  expect(below).toMatch(/tests .*0\/2/);
});

test('stopping twice, or without a phase, does nothing', () => {
  const { stream, text } = terminal(true);
  const progress = createProgress(stream);
  progress.stop();
  progress.stop();
  expect(text()).toBe('');
});
