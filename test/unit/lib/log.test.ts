import { describe, expect, test } from 'vitest';
import { createLog, detailFields, type LogLevel } from '../../../src/lib/log.ts';
import { ForeignText } from '../../../src/model/run/foreignText.ts';

function logged(level: LogLevel, json: boolean, use: (log: ReturnType<typeof createLog>) => void) {
  let text = '';
  const stream = { write: (more: string) => (text += more) };
  use(createLog({ level, json, stream, now: () => 1_700_000_000_000 }));
  return text;
}

describe('levels', () => {
  const all = (log: ReturnType<typeof createLog>) => {
    log.error('e');
    log.warn('w');
    log.info('i');
    log.debug('d');
  };
  test.each([
    ['error', 'pstrace: error: e\n'],
    ['warn', 'pstrace: error: e\npstrace: warning: w\n'],
    ['info', 'pstrace: error: e\npstrace: warning: w\npstrace: i\n'],
    ['debug', 'pstrace: error: e\npstrace: warning: w\npstrace: i\npstrace: debug: d\n'],
  ] as const)('%s prints its own and more severe messages', (level, expected) => {
    expect(logged(level, false, all)).toBe(expected);
  });
});

describe('text lines', () => {
  test('fields follow the message; values with spaces are quoted', () => {
    const text = logged('info', false, (log) => {
      log.info('read', {
        archive: 'ma.example.org',
        traces: 3,
        why: 'a b',
        error: new Error('no'),
      });
    });
    expect(text).toBe('pstrace: read archive=ma.example.org traces=3 why="a b" error=no\n');
  });

  test('text of an archive can neither control the terminal, forge a line nor reverse the text', () => {
    const text = logged('warn', false, (log) => {
      log.warn('bad name \u001b[31mred\r\npstrace: all is well \u202egnp.exe\u0085\u0000');
    });
    expect(text).toBe(
      'pstrace: warning: bad name \\u001b[31mred\\u000d\\u000apstrace: all is well \\u202egnp.exe\\u0085\\u0000\n',
    );
  });
});

describe('JSON lines', () => {
  test('each line is one object with time, level and fields', () => {
    const text = logged('info', true, (log) => {
      log.warn('slow', { seconds: 2.5, cause: new Error('late'), bytes: 9007199254740993n });
    });
    expect(text.split('\n')).toHaveLength(2);
    expect(JSON.parse(text)).toEqual({
      time: '2023-11-14T22:13:20.000Z',
      level: 'warn',
      message: 'slow',
      seconds: 2.5,
      cause: 'late',
      bytes: '9007199254740993',
    });
  });

  test('control and bidi characters are escaped, and equal after parsing', () => {
    const hostile = 'a\u001b[2Jb\u009bc\u202ed\ne';
    const text = logged('info', true, (log) => log.info(hostile));
    expect(text).toMatch(/^[\x20-\x7e]+\n$/);
    expect(JSON.parse(text)).toMatchObject({ message: hostile });
  });
});

test.each([true, false])('a password in a URL is removed (JSON: %s)', (json) => {
  const text = logged('info', json, (log) => {
    log.info('asked https://anna:s3cret@ma.example.org/x@y', {
      proxy: 'http://bert:s3cret@p:8080',
    });
  });
  expect(text).not.toMatch(/anna|bert|s3cret/);
  expect(text).toMatch(/https:\/\/…@ma\.example\.org\/x@y.*http:\/\/…@p:8080/);
});

describe('words of another party', () => {
  const words = new ForeignText(
    `550 \u001b[31mno\r\nAUTH PLAIN AHUxAFMzQ1JFVHB3 ${'x'.repeat(500)}`,
  );

  test('are one short, clean line without secrets, in both forms of the log', () => {
    for (const json of [false, true]) {
      const line = logged('warn', json, (log) => {
        log.hide('S3CRETpw');
        log.warn('refused', detailFields({ detail: words }));
      });
      expect(line).toContain('550 [31mno AUTH PLAIN [secret] xxx');
      expect(line.length).toBeLessThan(420);
      expect(line.trim()).not.toMatch(/[\r\n]/);
    }
    expect(logged('warn', false, (log) => log.warn('refused', detailFields({})))).toBe(
      'pstrace: warning: refused\n',
    );
  });

  test('can be neither part of a message nor of a record', () => {
    expect(`${words}`).toBe('(see the log)');
    expect(JSON.stringify({ message: 'refused', detail: words })).toBe('{"message":"refused"}');
  });
});

test('a secret in a message or a field is struck out, also in the messages of bugs', () => {
  const text = logged('warn', false, (log) => {
    log.hide('pass"word');
    log.warn('bad pass"word', { cause: new Error('no pass"word'), field: 'a pass"word b' });
  });
  expect(text).toBe('pstrace: warning: bad [secret] cause="no [secret]" field="a [secret] b"\n');
});
