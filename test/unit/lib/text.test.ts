import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanText, htmlToText } from '../../../src/lib/text.ts';

test.each([
  ['ps-a.example.net', 'ps-a.example.net'],
  ['  EXAMPLE-A,\tZZ \n', 'EXAMPLE-A, ZZ'],
  ['a\u0000b\u001b[31mc', 'a b [31mc'],
  ['name\u202egnp.exe', 'namegnp.exe'],
  ['\u2066iso\u2069late\u200e\ufeff', 'isolate'],
  ['Universität Zürich, CH', 'Universität Zürich, CH'],
  ['<b>', '<b>'],
  ['cut \ud83d', 'cut \ufffd'],
])('%j becomes %j', (text, clean) => {
  expect(cleanText(text)).toBe(clean);
});

test.each(['', '  ', '\u0000\n', '\u200b', null, undefined, 5, {}])('%j becomes null', (text) => {
  expect(cleanText(text)).toBeNull();
});

test('a long text ends in an ellipsis at the limit', () => {
  expect(cleanText('x'.repeat(10_000), 20)).toBe(`${'x'.repeat(19)}…`);
  expect(cleanText('\n'.repeat(10_000_000), 20)).toBeNull();
});

test('any text becomes one well-formed line within the limit', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 40 }), (text, max) => {
      const clean = cleanText(text, max) ?? 'nothing';
      expect(clean).not.toMatch(/[\p{Cc}\u2028\u2029\u200b\u202a-\u202e\u2066-\u2069]/u);
      expect(clean.isWellFormed()).toBe(true);
      expect(clean === 'nothing' || clean.length <= max).toBe(true);
    }),
  );
});

test('the text of a web page is quoted without markup, styles and scripts', () => {
  const html =
    '<!DOCTYPE html>\n<html><head><style>p{}</style><script>alert(1)</script></head><body><h1>Log in</h1><p>first';
  expect(htmlToText(html, 200)).toBe('Log in first');
});

test('a page of unclosed tags is parsed quickly', () => {
  const started = performance.now();
  htmlToText('<script'.repeat(100_000), 200);
  expect(performance.now() - started).toBeLessThan(500);
});
