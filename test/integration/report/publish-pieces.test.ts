import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { jsonBody } from '../../../src/report/jsonFile.ts';
import { openSiteWriter } from '../../../src/report/publish/siteWriter.ts';
import { tempDir } from '../../helpers/tempDir.ts';

/** Some hundred kilobytes, in letters of one to four bytes. */
const values = Array.from({ length: 5000 }, (_, at) => ({ at, name: 'aé→😀'.repeat(at % 9) }));
const text = `{\n"a":1,\n"none":[],\n"list":[\n${values.map((each) => JSON.stringify(each)).join(',\n')}\n]\n}\n`;

/** Publishes one file that is made while it is written. */
function publishList(out: string, entries: readonly object[]) {
  let made = 0;
  const list = () =>
    entries.values().map((each) => {
      made++;
      return each;
    });
  const body = jsonBody(() => ({ a: 1, none: [].values(), list: list() }));
  expect(made).toBe(0);
  const site = openSiteWriter(out);
  site.write({ path: 'data/list.json', body });
  expect(made).toBe(entries.length);
  return { ...site.commit(), text: String(body) };
}

test('a list is written piece by piece, with the same text as at once', () => {
  const out = tempDir();
  const file = join(out, 'data/list.json');
  expect(publishList(out, values)).toEqual({ written: 1, unchanged: 0, removed: 0, text });
  expect(readFileSync(file, 'utf8')).toBe(text);
  const { ino } = statSync(file);
  expect(publishList(out, values)).toMatchObject({ written: 0, unchanged: 1 });
  expect(statSync(file).ino).toBe(ino);
});

test('a late difference makes another file, even at the same length', () => {
  const out = tempDir();
  const file = join(out, 'data/list.json');
  publishList(out, values);
  const { ino } = statSync(file);
  const other = values.with(-1, { at: 4998, name: values.at(-1)?.name ?? '' });
  expect(publishList(out, other)).toMatchObject({ written: 1, unchanged: 0 });
  expect(statSync(file).ino).not.toBe(ino);
  expect(readFileSync(file, 'utf8')).toBe(text.replace('"at":4999', '"at":4998'));
  expect(publishList(out, values.slice(1))).toMatchObject({ written: 1, unchanged: 0 });
});
