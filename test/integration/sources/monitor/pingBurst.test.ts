import { expect, test } from 'vitest';
import { pingBurst } from '../../../../src/sources/monitor/pingBurst.ts';
import { fakeProgram } from '../../../helpers/fakeProgram.ts';
import { tempDir } from '../../../helpers/tempDir.ts';

function setUp(command?: string) {
  const ping = fakeProgram(tempDir(), 'ping');
  const program = {
    command: command ?? ping.command,
    environment: process.env,
    signal: new AbortController().signal,
  };
  const burst = (address: string, pingIntervalSeconds = 0.2) =>
    pingBurst(address, { pings: 3, payloadBytes: 41, pingIntervalSeconds }, program);
  return { ping, burst };
}

test('each reply counts once, in the order of its request', async () => {
  const { burst } = setUp();
  expect(await burst('192.0.2.5')).toEqual({
    failure: null,
    statistics: {
      sent: 3,
      received: 2,
      minMs: 2,
      avgMs: 3,
      maxMs: 4,
      stdevMs: expect.closeTo(Math.SQRT2, 3),
      jitterMs: 2,
    },
  });
});

test('an unreachable host is loss, not a failure', async () => {
  const { burst } = setUp();
  const { statistics } = await burst('192.0.2.2');
  expect(statistics).toMatchObject({ sent: 3, received: 0, minMs: null, jitterMs: null });
});

test('replies without a time count too', async () => {
  const { burst } = setUp();
  const { statistics } = await burst('192.0.2.6');
  expect(statistics).toMatchObject({ received: 1, avgMs: null, stdevMs: null });
});

test('a ping without permission is a failure with its message', async () => {
  const { burst } = setUp();
  expect((await burst('192.0.2.4')).failure).toEqual({
    error: 'ping reports: ping: socket: Operation not permitted',
    remedy: 'Run the same ping command by hand.',
  });
  expect((await setUp('/no/such/ping').burst('192.0.2.1')).failure?.error).toBe(
    'ping is not installed',
  );
});

test('an old ping that refuses the interval gets one that it permits', async () => {
  const { ping, burst } = setUp();
  expect((await burst('192.0.2.7', 0.002)).statistics).toMatchObject({ sent: 3, received: 1 });
  expect(ping.calls().map((call) => / -i (\S+)/.exec(call)?.[1])).toEqual(['0.002', '0.2']);
});

test('count, payload and address are arguments, the address after a double hyphen', async () => {
  const { ping, burst } = setUp();
  await burst('2001:db8::1');
  expect(ping.calls()).toEqual(['-n -c 3 -i 0.2 -s 41 -W 2 -- 2001:db8::1']);
});
