import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { version } from '../../src/lib/version.ts';
import { schemaFaults } from '../helpers/schemas.ts';
import { siteFiles } from '../helpers/siteFiles.ts';
import { tempDir } from '../helpers/tempDir.ts';
import { firstDifference, recordedSite } from './compare.ts';
import { archiveFolder, goldenRun, messagesFile, siteFolder } from './goldenRun.ts';

test('the recorded archives give the recorded site, byte by byte', async () => {
  const folder = tempDir();
  const out = join(folder, 'html');
  expect(await goldenRun(out, folder)).toEqual({
    code: 75,
    stdout: '',
    stderr: readFileSync(messagesFile, 'utf8'),
  });
  const difference = firstDifference(recordedSite(siteFolder), siteFiles(out));
  if (difference !== null) {
    expect.fail(`${difference}\nIf that is intended: npm run golden, and review what it changes.`);
  }
});

test('every data file of the recorded site agrees with its schema', () => {
  const files = siteFiles(siteFolder);
  expect(schemaFaults(files)).toEqual([]);
});

test('the recording contains only documentation addresses', () => {
  const texts = readdirSync(archiveFolder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => readFileSync(join(archiveFolder, name), 'utf8'));
  const addresses = texts.flatMap((text) => text.match(/\b\d+\.\d+\.\d+\.\d+\b/g) ?? []);
  const blocks = /^(192\.0\.2|198\.51\.100|203\.0\.113)\./;
  expect(addresses.length).toBeGreaterThan(100);
  expect(addresses.filter((address) => !blocks.test(address))).toEqual([]);
  const ipv6 = texts.flatMap((text) => text.match(/"[0-9a-f]*:[0-9a-f:]+"/g) ?? []);
  expect(ipv6.length).toBeGreaterThan(100);
  expect(ipv6.filter((address) => !address.startsWith('"2001:db8:'))).toEqual([]);
});

function site(files: Readonly<Record<string, string>>): ReadonlyMap<string, Buffer> {
  return new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));
}

test('a difference is reported by file and line', () => {
  const recorded = site({ 'a.html': 'one\ntwo @VERSION@\nthree', 'b.html': 'x' });
  const same = { 'a.html': `one\ntwo ${version}\nthree`, 'b.html': 'x' };
  expect(firstDifference(recorded, site(same))).toBeNull();
  const changed = { 'a.html': `one\nTwo ${version}\nthree`, 'b.html': 'y' };
  expect(firstDifference(recorded, site(changed))).toBe(
    'a.html, line 2\n- two @VERSION@\n+ Two @VERSION@',
  );
  expect(firstDifference(recorded, site({ ...same, 'a.html': `one\ntwo ${version}` }))).toBe(
    'a.html, line 3\n- three\n+ (the file has ended)',
  );
  expect(firstDifference(recorded, site({ ...same, 'c.html': '' }))).toBe(
    'c.html was made but is not recorded',
  );
  expect(firstDifference(site({ 'a.html': '' }), site({}))).toMatch('a.html is recorded but');
});

test('binary files are compared as bytes', () => {
  const image = (byte: number) => new Map([['a.png', Buffer.from([0xff, byte, 0x0a])]]);
  expect(firstDifference(image(0x80), image(0x80))).toBeNull();
  expect(firstDifference(image(0x80), image(0x81))).toMatch('a.png, line');
});

test('a text that only resembles the version stays', () => {
  const text = `192.${version} ${version}.9 x${version}`;
  expect(
    firstDifference(site({ a: `192.${version} ${version}.9 x@VERSION@` }), site({ a: text })),
  ).toBeNull();
});
