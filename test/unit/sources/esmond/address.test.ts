import { expect, test } from 'vitest';
import { archiveId } from '../../../../src/sources/archives.ts';
import { parseArchiveAddress } from '../../../../src/sources/esmond/archiveAddress.ts';

const path = '/esmond/perfsonar/archive';

test.each([
  ['ma.example.net', [`https://ma.example.net${path}`, `http://ma.example.net${path}`]],
  ['MA.Example.NET ', [`https://ma.example.net${path}`, `http://ma.example.net${path}`]],
  [
    'ma.example.net:8443',
    [`https://ma.example.net:8443${path}`, `http://ma.example.net:8443${path}`],
  ],
  ['ma.example.net:443', [`https://ma.example.net:443${path}`, `http://ma.example.net:443${path}`]],
  ['http://ma.example.net', [`http://ma.example.net${path}`]],
  ['https://ma.example.net/', [`https://ma.example.net${path}`]],
  ['https://ma.example.net/my/archive/', ['https://ma.example.net/my/archive']],
  [
    'ma.example.net/my/archive',
    ['https://ma.example.net/my/archive', 'http://ma.example.net/my/archive'],
  ],
  ['2001:DB8::1', [`https://[2001:db8::1]${path}`, `http://[2001:db8::1]${path}`]],
  ['[2001:db8::1]:8443', [`https://[2001:db8::1]:8443${path}`, `http://[2001:db8::1]:8443${path}`]],
  ['192.0.2.1:8080', [`https://192.0.2.1:8080${path}`, `http://192.0.2.1:8080${path}`]],
])('%s means %j', (text, bases) => {
  expect(parseArchiveAddress(text).bases).toEqual(bases);
});

test.each([
  ['ma.example.net', `ma.example.net${path}`],
  ['https://MA.example.net:443/', `ma.example.net${path}`],
  ['http://ma.example.net:80', `ma.example.net${path}`],
  ['ma.example.net:443', `ma.example.net${path}`],
  ['ma.example.net:8443/A/b/', 'ma.example.net:8443/A/b'],
  ['2001:db8:0::1', `[2001:db8::1]${path}`],
])('an archive has one identity for all forms of %s', (text, id) => {
  expect(archiveId(text)).toBe(id);
});

test.each([
  '',
  'two words',
  'ftp://ma.example.net',
  'file:///etc/passwd',
  'javascript://x',
  'https://user:secret@ma.example.net',
  'https://',
])('%j is refused as a configuration error', (text) => {
  expect(() => parseArchiveAddress(text)).toThrow(
    expect.objectContaining({ kind: 'misconfigured', remedy: expect.stringContaining('https://') }),
  );
});

test.each(['https://ma.example.net/x?key=s3cret', 'ma.example.net/#part'])(
  'the query or fragment of %s is refused, not dropped in silence',
  (text) => {
    expect(() => parseArchiveAddress(text)).toThrow(
      expect.objectContaining({
        subject: expect.not.stringContaining('s3cret'),
        message: 'The address of an archive has neither a query nor a fragment.',
      }),
    );
  },
);

test.each([
  'https://anna:s3cret@ma.example.net/x',
  'https://s3cret@ma.example.net',
  'anna:s3cret@ma.example.net',
  'https://anna:s3/cr?et@ma.example.net',
  'ftp://ma.example.net/?token=s3cret',
])('the refusal of %s reveals no secret', (text) => {
  expect(() => parseArchiveAddress(text)).toThrow(
    expect.objectContaining({
      subject: expect.stringMatching(/^(?!.*(anna|s3)).*ma\.example\.net/),
    }),
  );
});
