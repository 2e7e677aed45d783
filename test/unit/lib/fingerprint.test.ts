import { expect, test } from 'vitest';
import { parseCertificateFingerprint } from '../../../src/lib/certificateFingerprint.ts';

const bytes = Array.from({ length: 32 }, (_, n) => n.toString(16).padStart(2, '0'));
const expected = bytes.join(':').toUpperCase();

test.each([
  bytes.join(':'),
  bytes.join(''),
  bytes.join(' ').toUpperCase(),
  `SHA256:${bytes.join('')}`,
  `sha256 Fingerprint=${expected}\n`,
  `SHA-256:${expected}`,
])('a fingerprint is parsed in the forms of tools: %s', (text) => {
  expect(parseCertificateFingerprint(text)).toBe(expected);
});

test.each(['', 'SHA256:', bytes.slice(1).join(':'), `${bytes.join('')}00`, `${bytes.join('')}g`])(
  '%j is not a fingerprint',
  (text) => {
    expect(parseCertificateFingerprint(text)).toBeNull();
  },
);
