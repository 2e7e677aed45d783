import { expect, test } from 'vitest';
import { parseConfig } from '../../../../src/config/load.ts';
import { place, pstrace } from '../../cli/command.ts';
import { meshTest, serve } from '../mesh.ts';

test('learns a policy that the configuration takes, from the stored history of each test', async () => {
  const here = place();
  const { base } = await serve([meshTest(1, 60), meshTest(2, 60), meshTest(3, 5)]);
  await pstrace(base, '24h', ...here.options);
  const all = await pstrace('learn', ...here.options.slice(2));
  expect({ code: all.code, stderr: all.stderr }).toEqual({ code: 0, stderr: '' });
  expect(all.stdout).toMatch(
    /^# ps-1\.example\.net > \S+, IPv4, \w+: 60 traces, .*\n\[\[policy\]\]\ntests = \["192\.0\.2\.1_/,
  );
  const { config } = parseConfig(all.stdout, 'p.toml', '/');
  expect(config?.policies).toHaveLength(2);
  expect(config?.policies[0]).toMatchObject({
    maxHops: 5,
    maxRttMs: { overUsualPct: 25, floor: 10 },
  });

  const one = await pstrace('learn', 'ps-2.* > *', ...here.options.slice(2));
  expect(one.stdout.match(/\[\[policy\]\]/g)).toHaveLength(1);

  const few = await pstrace('learn', 'ps-3.*', ...here.options.slice(2));
  expect({ code: few.code, stdout: few.stdout }).toEqual({ code: 1, stdout: '' });
  expect(few.stderr).toContain('none of 1 tests has enough traces that reached the destination');

  const none = await pstrace('learn', 'ps-7.*', ...here.options.slice(2));
  expect(none.code).toBe(1);
  expect(none.stderr).toContain('no stored test matches');
});

test('a pattern that can fit nothing, and a state that is not there', async () => {
  const wrong = await pstrace('learn', 'a > b > c', ...place().options.slice(2));
  expect(wrong.code).toBe(64);
  expect(wrong.stderr).toContain('"a > b > c" is not a test pattern. Give a host name');
  const nothing = await pstrace('learn', ...place().options.slice(2));
  expect(nothing.code).toBe(1);
  expect(nothing.stderr).toContain('pstrace.db');
});
