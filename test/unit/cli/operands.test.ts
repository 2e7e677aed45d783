import { describe, expect, test } from 'vitest';
import { parseOperands, withPsTraceOptions } from '../../../src/cli/operands.ts';
import { idleProgram } from '../../helpers/commandLine.ts';

const split = (...operands: string[]) =>
  parseOperands(operands, ['render', 'demo', 'demo-archive', 'db']);

test.each([
  [['ma.example.org', '86400'], ['ma.example.org'], 86_400],
  [
    ['ma1', 'http://ma2:8080/x', '[2001:db8::1]:443', '7d'],
    ['ma1', 'http://ma2:8080/x', '[2001:db8::1]:443'],
    604_800,
  ],
  [['90m'], [], 5400],
  [['ma.example.org'], ['ma.example.org'], null],
  [[], [], null],
  [['ma'], ['ma'], null],
  [['192.0.2.1'], ['192.0.2.1'], null],
  [['192.0.2.1:8080', '60'], ['192.0.2.1:8080'], 60],
])('%j', (operands, archives, windowSeconds) => {
  expect(split(...operands)).toEqual({ archives, windowSeconds });
});

describe('slips are refused instead of asked for as archives', () => {
  test.each([
    [['ma.example.org', '24x'], '24x is neither a window nor an archive.'],
    [['ma.example.org', '24hours'], '24hours is neither a window nor an archive.'],
    [['ma.example.org', '-60'], '-60 is neither a window nor an archive.'],
    [['ma.example.org', '0'], 'The window 0 is too short.'],
    [['24h', 'ma.example.org'], 'The window 24h comes before an archive.'],
    [['rendr'], 'rendr is not a command.'],
    [['', '60'], 'The name of an archive is empty.'],
  ])('%j', (operands, message) => {
    expect(() => split(...operands)).toThrow(message);
  });
});

describe("psTrace's options -u and -t", () => {
  test.each([
    [[], { u: ['ma1', 'ma2'], t: 86_400 }, ['ma1', 'ma2', '86400']],
    [['90m'], { u: ['ma1'] }, ['ma1', '90m']],
    [['ma1'], { t: 60 }, ['ma1', '60']],
    [['ma1', '60'], {}, ['ma1', '60']],
  ])('%j with %j', (operands, options, all) => {
    expect(withPsTraceOptions(operands, options)).toEqual(all);
  });

  test('a window in both forms is refused', () => {
    expect(() => withPsTraceOptions(['ma1', '24h'], { t: 60 })).toThrow('given twice: 24h');
  });

  test('the crontab line of psTrace is a valid command line', async () => {
    const program = idleProgram();
    await program.parseAsync(['-u', 'ma1', 'ma2', '-t', '86400'], { from: 'user' });
    expect(program.opts()).toMatchObject({ u: ['ma1', 'ma2'], t: 86_400 });
  });
});
