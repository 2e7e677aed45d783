import { expect, test } from 'vitest';
import { createLog } from '../../../src/lib/log.ts';
import { createFailureReporter } from '../../../src/monitor/failureReporter.ts';
import type { MonitorRecord } from '../../../src/monitor/monitorRecord.ts';

test('a failing step is reported when it begins, when its reason changes, and when it is over', () => {
  let text = '';
  const stream = { write: (line: string) => (text += line) };
  const report = createFailureReporter(createLog({ level: 'warn', json: false, stream }));
  const record = { statistic: 'ping', at: 1, host: 'a.example', address: null, test: 't' } as const;
  const failed = (error: string): MonitorRecord => ({ ...record, result: { error, remedy: null } });
  const well: MonitorRecord = { ...record, result: { ports: [] } };
  [well, failed('x'), failed('x'), failed('y'), well, well].forEach(report);
  expect(text.trimEnd().split('\n')).toEqual([
    'pstrace: warning: a.example: x',
    'pstrace: warning: a.example: y',
    'pstrace: warning: a.example: ping works again',
  ]);
});
