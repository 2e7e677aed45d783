import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { tempDir } from '../helpers/tempDir.ts';

const root = join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

function run(command: string, args: readonly string[], cwd: string, env = process.env): string {
  return execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: 'pipe' });
}

/** The files of this checkout as git would have them, in a folder of their own. */
function copy(): string {
  const folder = join(tempDir(), 'pstrace');
  const listed = run('git', ['ls-files', '-z', '-co', '--exclude-standard'], root);
  for (const file of listed
    .split('\0')
    .filter((name) => existsSync(join(root, name)) && name !== '')) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(join(root, file), join(folder, file));
  }
  return folder;
}

/** Sets of packages that npm fetched before are not fetched again. */
const quietly = ['--prefer-offline', '--no-audit', '--no-fund'];

/** The environment of a user who has nothing but a home. */
function userIn(home: string): Record<string, string> {
  return { HOME: home, PATH: '/usr/bin:/bin', XDG_DATA_HOME: join(home, 'data') };
}

test('npm pack makes a package that runs after npm install -g', () => {
  const folder = copy();
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  // What may lie about in a checkout that is in use.
  for (const path of [
    'html/index.html',
    'var/pstrace.db',
    'conf/token',
    'conf/own.toml',
    'dist/0123456789abcdef/main.js',
  ]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), '');
  }
  const packed = JSON.parse(run('npm', ['pack', '--json', '--silent'], folder));
  const [{ filename, files }] = packed as [{ filename: string; files: { path: string }[] }];
  const paths = files.map(({ path }) => path);
  const tops = [...new Set(paths.map((path) => path.replace(/\/.*/, '')))].sort();
  expect(tops).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'bin',
    'conf',
    'dist',
    'docs',
    'package.json',
    'schemas',
    'templates',
  ]);
  expect(paths.filter((path) => path.startsWith('conf/')).sort()).toEqual(
    run('git', ['ls-files', 'conf'], root).trim().split('\n').sort(),
  );
  expect(paths.filter((path) => /\.ts$|0123456789abcdef/.test(path))).toEqual([]);
  expect(new Set(paths.filter((path) => path.endsWith('/main.js'))).size).toBe(1);

  const prefix = tempDir();
  run('npm', ['install', '-g', '--prefix', prefix, ...quietly, join(folder, filename)], prefix);
  const pstrace = join(prefix, 'bin/pstrace');
  const home = tempDir();
  const env = userIn(home);
  expect(run(pstrace, ['--version'], '/', env)).toBe(`${version}\n`);
  const out = join(home, 'site');
  const state = join(home, 'state');
  const said = run(pstrace, ['demo', '--out', out, '--state', state], '/', env);
  expect(said).toContain(join(out, 'index.html'));
  expect(readFileSync(join(out, 'index.html'), 'utf8')).toContain('Demo mesh');
  expect(readdirSync(join(state, 'mail')).length).toBeGreaterThan(0);
  // What belongs to the user is not within the package, which npm replaces as a whole.
  const checked = run(pstrace, ['config', 'check'], '/', env);
  expect(checked).toMatch(/^\/.*pstrace\.toml: not found, using defaults/);
  expect(checked).not.toContain(prefix);
});

test('as a dependency of a project, where npm puts the packages side by side, it finds its Node.js', () => {
  const folder = copy();
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const [{ filename }] = JSON.parse(run('npm', ['pack', '--json', '--silent'], folder));
  const project = tempDir();
  writeFileSync(join(project, 'package.json'), '{ "private": true }');
  run('npm', ['install', ...quietly, join(folder, filename)], project);
  const pstrace = join(project, 'node_modules/.bin/pstrace');
  expect(run(pstrace, ['--version'], '/', userIn(project))).toBe(`${version}\n`);
});

test('npm ci --omit=dev compiles pstrace', () => {
  const folder = copy();
  run('npm', ['ci', '--omit=dev', ...quietly], folder);
  expect(existsSync(join(folder, 'dist/current.json'))).toBe(true);
  const started = run(join(folder, 'bin/pstrace'), ['--version'], '/', userIn(folder));
  expect(started).toBe(`${version}\n`);
});
