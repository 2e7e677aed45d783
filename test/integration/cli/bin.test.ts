import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { version } from '../../../src/lib/version.ts';
import { tempDir } from '../../helpers/tempDir.ts';

const root = join(import.meta.dirname, '../../..');
const script = join(root, 'bin/pstrace');

/** Runs a start script as cron would: from another folder, and with nothing in the environment but `PATH`. */
function run(path: string, env: Readonly<Record<string, string>>, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(path, args, { env, cwd: '/', encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** A folder whose `node` says that it is of the given version. */
function withNode(major: string): string {
  const folder = tempDir();
  writeFileSync(join(folder, 'node'), `#!/bin/sh\necho ${major}\n`);
  chmodSync(join(folder, 'node'), 0o755);
  return folder;
}

/** A checkout in which `npm ci` was not run; `modules` are the folders within node_modules that are there. */
function bareCheckout(...modules: string[]): string {
  const folder = tempDir();
  mkdirSync(join(folder, 'bin'));
  copyFileSync(script, join(folder, 'bin/pstrace'));
  for (const name of modules) mkdirSync(join(folder, 'node_modules', name), { recursive: true });
  return folder;
}

const good = { status: 0, stdout: `${version}\n`, stderr: '' };

describe('the start script', () => {
  test('works by its absolute path with an empty environment', () => {
    expect(run(script, {}, '--version')).toEqual(good);
    expect(run(script, { PATH: '' }, '--version')).toEqual(good);
  });

  test('does not take an older Node.js that comes first in PATH', () => {
    expect(run(script, { PATH: withNode('12') }, '--version')).toEqual(good);
  });

  test('works through symbolic links, relative and absolute, in a path with spaces', () => {
    const folder = join(tempDir(), 'a folder');
    mkdirSync(folder);
    symlinkSync(script, join(folder, 'absolute'));
    symlinkSync('absolute', join(folder, 'pstrace'));
    expect(run(join(folder, 'pstrace'), {}, '--version')).toEqual(good);
  });

  test('hands the exit code on', () => {
    expect(run(script, {}, '--nonsense').status).toBe(64);
  });
});

describe('without what npm ci brings', () => {
  test('an old Node.js in PATH: says what to do, exits 78', () => {
    const folder = bareCheckout();
    const { status, stderr } = run(join(folder, 'bin/pstrace'), { PATH: withNode('20') });
    expect(status).toBe(78);
    expect(stderr).toContain(`run 'npm ci' in ${folder}`);
  });

  test('a good Node.js in PATH but no packages: says what to do, exits 78', () => {
    const folder = bareCheckout();
    const { status, stderr } = run(join(folder, 'bin/pstrace'), { PATH: withNode('24') });
    expect(status).toBe(78);
    expect(stderr).toBe(
      `pstrace: the packages in ${folder}/node_modules are missing; run 'npm ci' in ${folder}.\n`,
    );
  });

  test('a good Node.js in PATH and the packages: takes that one', () => {
    const folder = bareCheckout('undici');
    const { status, stdout } = run(join(folder, 'bin/pstrace'), { PATH: withNode('26') });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '26\n' });
  });

  test('a Node.js that does not start on this host counts as none', () => {
    const folder = bareCheckout('undici', '.bin');
    writeFileSync(join(folder, 'node_modules/.bin/node'), '#!/no/such/loader\n');
    chmodSync(join(folder, 'node_modules/.bin/node'), 0o755);
    const { status, stderr } = run(join(folder, 'bin/pstrace'), { PATH: withNode('0') });
    expect(status).toBe(78);
    expect(stderr).toContain('does not start');
  });
});
