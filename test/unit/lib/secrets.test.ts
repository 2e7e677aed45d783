import { describe, expect, test } from 'vitest';
import { createSecretFilter, secretsOfUrl } from '../../../src/lib/secrets.ts';

const password = 'S3CR&T "p\u00e4ss"/+ word';

function strike(text: string, ...secrets: string[]): string {
  const filter = createSecretFilter();
  for (const secret of secrets) filter.add(secret);
  return filter.strike(text);
}

describe('a secret is struck out', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  test.each([
    ['as it is', password],
    ['in capitals', password.toUpperCase()],
    ['in JSON', JSON.stringify(password)],
    ['in HTML', password.replace('&', '&amp;').replaceAll('"', '&quot;')],
    ['in a URL', encodeURIComponent(password)],
    ['in a URL, with small digits', encodeURIComponent(password).toLowerCase()],
    ['in a form', String(new URLSearchParams({ password })).slice('password='.length)],
    ['in hexadecimal', Buffer.from(password).toString('hex')],
    ['in Base64', base64(password)],
    ['in Base64 for URLs', Buffer.from(password).toString('base64url')],
    ['in a line of AUTH PLAIN', base64(`\0user\0${password}`)],
    ['in a line of AUTH PLAIN with an identity', base64(`admin\0user\0${password}`)],
    ['in a basic authorization', base64(`u:${password}`)],
  ])('%s', (_, written) => {
    const struck = strike(`500 unknown command "${written}" (${written})`, password);
    expect(struck).toMatch(/^500 unknown command "+\[secret\]"+ \("?\[secret\]"?\)$/);
  });

  test('wherever it stands in Base64, whatever is around it', () => {
    for (let before = 0; before < 7; before++) {
      for (let after = 0; after < 4; after++) {
        const encoded = base64(`${'x'.repeat(before)}hunter22${'y'.repeat(after)}`);
        expect(strike(`say ${encoded} again`, 'hunter22')).toBe('say [secret] again');
      }
    }
  });

  test('and its neighbors are left alone', () => {
    expect(strike('hunter22 hunted hunter2', 'hunter22')).toBe('[secret] hunted hunter2');
    expect(strike('nothing to hide')).toBe('nothing to hide');
  });
});

test('a text too short for a secret is a word like any other', () => {
  expect(strike('a cat in a hat', 'a', 'cat', '')).toBe('a cat in a hat');
});

test('a webhook is recognized by its URL, its path and each part that is no word', () => {
  const secrets = secretsOfUrl(
    'https://hooks.example.org/services/T0/B0/s3cretPart?key=0123456789',
  );
  const struck = (text: string) => strike(text, ...secrets);
  expect(struck('Cannot POST /services/T0/B0/s3cretPart')).toBe('Cannot POST [secret]');
  expect(struck('no hook s3cretPart here')).toBe('no hook [secret] here');
  expect(struck('wrong key 0123456789')).toBe('wrong key [secret]');
  expect(struck('hooks.example.org has no services')).toBe('hooks.example.org has no services');
});
