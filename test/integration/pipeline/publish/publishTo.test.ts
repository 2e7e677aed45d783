import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { publishTo } from '../../../../src/pipeline/publish/publishTo.ts';
import { sessionAt } from '../../../helpers/sessionAt.ts';
import { tempDir } from '../../../helpers/tempDir.ts';
import { place, pstrace } from '../../cli/command.ts';
import { first, publish } from '../../report/publishing.ts';

/*
 * What runs in the place of rsync here notes its arguments. `npm run test:system` copies sites with
 * the real one.
 */

/** A folder with an `rsync` that runs these lines of shell. */
function withRsync(...lines: string[]): {
  session: ReturnType<typeof sessionAt>;
  calls(): string[];
} {
  const folder = tempDir();
  const script = join(folder, 'rsync');
  const notes = join(folder, 'calls');
  writeFileSync(script, ['#!/bin/sh', `echo "$*" >> '${notes}'`, ...lines, ''].join('\n'));
  chmodSync(script, 0o755);
  return {
    session: { ...sessionAt(0), env: { PATH: `${folder}:/usr/bin:/bin` } },
    calls: () => readFileSync(notes, 'utf8').trimEnd().split('\n'),
  };
}

function site(): string {
  const out = tempDir();
  publish(out, first);
  return out;
}

test('the pages go first, then the link to them, then old pages are deleted', async () => {
  const out = site();
  const { session, calls } = withRsync();
  expect(await publishTo(out, 'web:/srv/www/', session)).toBe(0);
  const [shared = '', pages = '', link = '', deletion = '', ...more] = calls();
  expect(more).toEqual([]);
  expect(shared).toMatch(/--exclude=\/\.site\/\* -- \S+\/ web:\/srv\/www\/$/);
  expect(pages).toMatch(
    /--link-dest=\.\.\/current\/.* \S+\/\.site\/1\/ web:\/srv\/www\/\.site\/1-\d+\/$/,
  );
  expect(link).toMatch(/ \S+\/current web:\/srv\/www\/\.site\/$/);
  expect(deletion).toMatch(/--delete .*P \/current .*P \/1-\d+ /);
  expect(calls().filter((call) => call.includes('--delete'))).toHaveLength(2);
});

test('the link leads to the pages of the copy, and nothing stays on this host', async () => {
  const out = site();
  const links = join(tempDir(), 'links');
  const { session, calls } = withRsync(
    `for word; do case $word in /*/current) readlink "$word" > '${links}';; esac; done`,
  );
  await publishTo(out, '/srv/www', session);
  const name = readFileSync(links, 'utf8').trim();
  expect(calls()[1]).toMatch(new RegExp(`/srv/www/\\.site/${name}/$`));
  const folder = / (\S+)\/current \/srv/.exec(calls()[2] ?? '')?.[1] ?? '';
  expect(folder).not.toBe('');
  expect(existsSync(folder)).toBe(false);
});

test('a site that is replaced during the copy is copied anew; one that vanishes each time is not', async () => {
  const out = site();
  const once = withRsync('[ -e "$0.again" ] || { : > "$0.again"; exit 24; }');
  expect(await publishTo(out, '/srv/www', once.session)).toBe(0);
  expect(once.calls()).toHaveLength(5);
  const ever = withRsync('exit 24');
  await expect(publishTo(out, '/srv/www', ever.session)).rejects.toThrow(
    'rsync ended with code 24',
  );
  expect(ever.calls()).toHaveLength(3);
});

test('a copy that fails ends before the link; the words of rsync are in the log only', async () => {
  const { session, calls } = withRsync('echo "no space on web" >&2', 'exit 11');
  await expect(publishTo(site(), 'web:/srv/www', session)).rejects.toMatchObject({
    kind: 'store',
    message: 'cannot copy the site to web:/srv/www: rsync ended with code 11',
    detail: expect.objectContaining({}),
  });
  expect(calls()).toHaveLength(1);
});

test('without rsync, without a site, and into the site itself, it says what to do', async () => {
  const out = site();
  const session = { ...sessionAt(0), env: { PATH: tempDir() } };
  await expect(publishTo(out, '/srv/www', session)).rejects.toThrow('rsync is not installed');
  await expect(publishTo(tempDir(), '/srv/www', session)).rejects.toThrow('there is no site in');
  const { code, stderr } = await pstrace(
    'publish-to',
    out,
    '--out',
    out,
    ...place().options.slice(4),
  );
  expect({ code, stderr }).toEqual({
    code: 64,
    stderr: `pstrace: error: ${out} is the site itself.\n`,
  });
  expect(readlinkSync(join(out, '.site/current'))).toBe('1');
  expect(readdirSync(join(out, '.site'))).toContain('1');
});
