import { expect, test } from 'vitest';
import { endpointOf, idPart, parseRunEnd } from '../../../../src/sources/mtr/runEnd.ts';

test.each([
  ['203.0.113.9', '203.0.113.9'],
  [' 203.0.113.9 ', '203.0.113.9'],
  ['2001:DB8::9', '2001-db8--9'],
  ['PS-B.example.org.', 'ps-b.example.org'],
  ['203.0.113.9       .', 'unknown'],
  ['203.0.113.9 and more', 'unknown'],
  ['../../etc/passwd', 'unknown'],
  ['$(touch hacked)', 'unknown'],
  [`${'a'.repeat(60)}.${'b'.repeat(60)}`, 'unknown'],
])('%j becomes %j in the id of a test', (text, part) => {
  const end = parseRunEnd(text);
  expect(end === null ? null : idPart(end)).toBe(part);
});

test('an end is shown as given, even if it is not part of an id', () => {
  const end = parseRunEnd('203.0.113.9 and more');
  expect(end && endpointOf(end)).toEqual({ address: null, name: '203.0.113.9 and more' });
});

test('blanks around an address do not become part of an id', () => {
  expect(idPart({ address: null, name: '203.0.113.9 ' })).toBe('unknown');
});
