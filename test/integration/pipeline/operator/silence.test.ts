import { describe, expect, test } from 'vitest';
import { openStore } from '../../../../src/store/open.ts';
import { testOf } from '../../../helpers/notify/samples.ts';
import { type Place, place, pstrace } from '../../cli/command.ts';

const now = Math.floor(Date.now() / 1000);

const settings = `
[[group]]
name = "core"
tests = "a.*"
[[maintenance]]
reason = "weekly works"
weekly = "daily 00:00-24:00"
time_zone = "UTC"
`;

/** A place whose store knows a test from a.example.net to b.example.net. */
function withTest(text = settings): Place & { readonly stateOptions: readonly string[] } {
  const here = place(text);
  const store = openStore(here.state, now);
  const { intervalSeconds: _, ...listed } = testOf('a', 'b');
  store.upsertTests([{ ...listed, eventTypes: [] }], now);
  store.close();
  return { ...here, stateOptions: here.options.slice(2) };
}

function kept(state: string) {
  const store = openStore(state, now, 'read');
  const silences = store.silences.list();
  store.close();
  return silences;
}

describe('pstrace silence', () => {
  test('add stores a silence, list shows it, remove ends it', async () => {
    const { state, stateOptions } = withTest('');
    const added = await pstrace(
      'silence',
      'add',
      ...['--test', 'a.example.net > *', '--element', '2001:DB8::1', '--element', 'AS64500'],
      ...['--class', 'loss', 'flap', '--for', '8h', '--reason', 'cable\nworks'],
      ...stateOptions,
    );
    expect({ code: added.code, stderr: added.stderr }).toEqual({ code: 0, stderr: '' });
    const [silence, ...others] = kept(state);
    expect(others).toEqual([]);
    expect(silence).toMatchObject({
      reason: 'cable works',
      tests: ['a.example.net > *'],
      groups: [],
      elements: ['2001:db8::1', 'AS64500'],
      classes: ['loss', 'flap'],
    });
    expect(silence?.from).toBeGreaterThanOrEqual(now);
    expect(silence?.until).toBe((silence?.from ?? 0) + 8 * 3600);
    expect(added.stdout).toMatch(
      /^[\da-f]{8} {2}until 20\d\d-\d\d-\d\d \d\d:\d\d UTC {2}tests a\.example\.net > \*; elements 2001:db8::1, AS64500; classes loss, flap {2}"cable works"/,
    );
    const listed = await pstrace('silence', 'list', ...stateOptions);
    expect(listed.stdout).toMatch(
      new RegExp(`^${silence?.id} {2}until .* UTC \\((8 h|7 h 59 min) left\\)`),
    );
    const removed = await pstrace(
      'silence',
      'remove',
      silence?.id.slice(0, 5) ?? '',
      ...stateOptions,
    );
    expect(removed).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(kept(state)).toEqual([]);
  });

  test('list shows current maintenance, and past maintenance only with --all', async () => {
    const { state, stateOptions } = withTest();
    const store = openStore(state, now);
    const over = { id: '0ld', from: now - 7200, until: now - 3600, reason: 'past', by: null };
    store.silences.add({ ...over, tests: [], groups: ['core'], elements: [], classes: [] });
    store.close();
    const listed = await pstrace('silence', 'list', ...stateOptions);
    expect(listed.stdout).toMatch(
      /^maintenance-1-\d+ {2}until .* left\) {2}everything {2}"weekly works"\n$/,
    );
    const all = await pstrace('silence', 'list', '--all', ...stateOptions);
    expect(all.stdout).toMatch(
      /^0ld {2}until .* \(ended\) {2}groups core {2}"past"\nmaintenance-1/,
    );
  });

  test('a pattern that fits no stored test is warned of', async () => {
    const { state, stateOptions } = withTest();
    const args = ['--test', 'c.*', '--until', '2099-01-01', '--reason', 'x'];
    const { code, stderr } = await pstrace('silence', 'add', ...args, ...stateOptions);
    expect(code).toBe(0);
    expect(stderr).toContain('no stored test matches "c.*"');
    expect(kept(state)).toHaveLength(1);
  });

  test.each([
    [
      ['--for', '2h', '--reason', 'x'],
      'Specify at least one test, group, element or class. Use --test',
    ],
    [['--test', '*', '--reason', 'x'], 'The silence has no end. Specify --for'],
    [['--test', '*', '--for', '2h'], "required option '--reason <text>' not specified"],
    [['--test', '*', '--for', '2h', '--reason', ' \n'], 'The reason is empty'],
    [['--test', '*', '--for', 'long', '--reason', 'x'], 'Expected seconds, or 90s'],
    [
      ['--test', '*', '--until', '2001-01-01', '--reason', 'x'],
      '2001-01-01 00:00 UTC is in the past',
    ],
    [['--test', '*', '--for', '2h', '--until', '2999-01-01', '--reason', 'x'], 'cannot be used'],
    [['--test', 'a > b > c', '--for', '2h', '--reason', 'x'], 'is not a test pattern'],
    [['--element', '192.0.2.0/40', '--for', '2h', '--reason', 'x'], 'is not a prefix'],
    [['--class', 'as_path', '--for', '2h', '--reason', 'x'], 'Allowed choices are unreachable'],
    [
      ['--group', 'edge', '--for', '2h', '--reason', 'x'],
      'no group edge. The configuration has: core',
    ],
  ])('%j is refused, exit 64', async (args, expected) => {
    const { stateOptions } = withTest();
    const { code, stdout, stderr } = await pstrace('silence', 'add', ...args, ...stateOptions);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toContain(expected);
  });

  test('an id that is not there, or that several begin with, is refused and nothing is removed', async () => {
    const { state, stateOptions } = withTest('');
    const store = openStore(state, now);
    const about = { tests: [], groups: [], elements: [], classes: [], reason: 'x', by: null };
    for (const id of ['ab1', 'ab2'])
      store.silences.add({ id, from: now, until: now + 60, ...about });
    store.close();
    const missing = await pstrace('silence', 'remove', 'ab1', 'cd', ...stateOptions);
    expect(missing.code).toBe(64);
    expect(missing.stderr).toContain(
      'There is no silence cd. List them: pstrace silence list --all.',
    );
    const many = await pstrace('silence', 'remove', 'ab', ...stateOptions);
    expect(many.stderr).toContain('2 silences begin with ab. Give more characters of the id.');
    expect(kept(state)).toHaveLength(2);
  });

  test('without a database there is nothing to silence, exit 1', async () => {
    const { stderr, code } = await pstrace('silence', 'list', ...place('').options.slice(2));
    expect(code).toBe(1);
    expect(stderr).toContain('pstrace.db');
  });
});
