import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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

describe('in an unusual environment', () => {
  test('NODE_OPTIONS that Node.js refuses: says so, exits 78', () => {
    const { status, stderr } = run(script, { NODE_OPTIONS: '--no-such' }, '--version');
    expect(status).toBe(78);
    expect(stderr).toBe(
      'pstrace: Node.js refuses the NODE_OPTIONS of the environment: --no-such\npstrace: unset the variable, or correct it.\n',
    );
  });

  test('too few open files: says how many it needs, exits 78', () => {
    const { status, stderr } = run('/bin/sh', {}, '-c', `ulimit -n 20; exec ${script} --version`);
    expect(status).toBe(78);
    expect(stderr).toMatch(/^pstrace: only 20 files may be open at once.*needs 64\.\n$/);
    expect(run('/bin/sh', {}, '-c', `ulimit -n 64; exec ${script} --version`)).toEqual(good);
  });

  test('a relative folder when the current one was deleted: says so', () => {
    const gone = join(tempDir(), 'gone');
    mkdirSync(gone);
    const command = `cd '${gone}' && rmdir '${gone}' && exec ${script} render --out site`;
    const { status, stderr } = run('/bin/sh', {}, '-c', command);
    expect(status).toBe(1);
    expect(stderr).toContain(
      'pstrace: error: cannot find site: the current folder was deleted. Change to another folder, or give an absolute path.\n',
    );
  });
});

describe('the cache of the compiled program', () => {
  const cacheIn = (home: string) => join(home, '.cache/pstrace');
  const isFilled = (folder: string) => existsSync(folder) && readdirSync(folder).length > 0;

  test('lies in the home of the user', () => {
    const home = tempDir();
    expect(run(script, { HOME: home }, '--version')).toEqual(good);
    expect(isFilled(cacheIn(home))).toBe(true);
  });

  test('is not used where other users may write, because it would run what they put there', () => {
    const home = tempDir();
    mkdirSync(cacheIn(home), { recursive: true });
    chmodSync(cacheIn(home), 0o777);
    expect(run(script, { HOME: home }, '--version')).toEqual(good);
    expect(isFilled(cacheIn(home))).toBe(false);
  });

  test('is not made without a home, or below a relative path', () => {
    const home = join(tempDir(), 'none');
    expect(run(script, { HOME: home, XDG_CACHE_HOME: 'cache' }, '--version')).toEqual(good);
    expect(run(script, { HOME: home }, '--version')).toEqual(good);
    expect(existsSync(home)).toBe(false);
  });
});

describe('a log or an output that cannot be written', () => {
  /** Every write to this device fails as on a full disk. */
  const full = '/dev/full';
  const inShell = (command: string) => run('/bin/sh', {}, '-c', command);

  test('does not end a command in the middle of its work', () => {
    const place = tempDir();
    const broken = join(place, 'broken.toml');
    writeFileSync(broken, 'nonsense = 1\n');
    const check = `${script} config check --config ${broken}`;
    expect(inShell(`exec ${check} 2>/dev/null`).status).toBe(78);
    expect(inShell(`exec ${check} 2>${full}`).status).toBe(78);
    expect(inShell(`exec ${check} >${full} 2>${full}`).status).toBe(78);
  });

  test('is a failure if it was the output', () => {
    expect(inShell(`exec ${script} --help >${full}`)).toEqual({
      status: 1,
      stdout: '',
      stderr: 'pstrace: error: cannot write the output: the disk is full (stdout)\n',
    });
  });

  test('is none if the reader has read enough', () => {
    const { stdout, stderr } = inShell(`{ ${script} --help; echo "code $?" >&2; } | head -c 5`);
    expect({ stdout, stderr }).toEqual({ stdout: 'Usage', stderr: 'code 0\n' });
  });
});
