import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tempDir } from '../helpers/tempDir.ts';

const root = join(import.meta.dirname, '../..');
const modules = join(root, 'node_modules');

/** A checkout of a small program that says its version and whether it is compiled; packages are those of this checkout. */
function checkout(version = 'one'): string {
  const folder = realpathSync(tempDir());
  cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true });
  mkdirSync(join(folder, 'scripts'));
  mkdirSync(join(folder, 'src/report'), { recursive: true });
  for (const file of ['scripts/build.ts', 'src/report/bundleScripts.ts']) {
    copyFileSync(join(root, file), join(folder, file));
  }
  writeFileSync(join(folder, 'package.json'), '{ "name": "pstrace", "type": "module" }');
  symlinkSync(modules, join(folder, 'node_modules'));
  mkdirSync(join(folder, 'src/cli'), { recursive: true });
  writeFileSync(
    join(folder, 'src/cli/main.ts'),
    `import { version } from './version.ts';
const how: string = import.meta.filename.endsWith('.js') ? 'compiled' : 'sources';
const { default: pLimit } = await import('p-limit');
process.stdout.write(\`\${version} \${how} \${typeof pLimit}\`);
`,
  );
  setVersion(folder, version);
  return folder;
}

function setVersion(folder: string, version: string): void {
  writeFileSync(join(folder, 'src/cli/version.ts'), `export const version = '${version}';\n`);
}

/** What the program prints, which must be all that is printed, in an environment like that of cron. */
function start(folder: string): string {
  const env = { HOME: folder };
  const ended = spawnSync(join(folder, 'bin/pstrace'), { env, cwd: '/', encoding: 'utf8' });
  expect(ended).toMatchObject({ status: 0, stderr: '' });
  return ended.stdout;
}

function startAside(folder: string): Promise<string> {
  const child = spawn(join(folder, 'bin/pstrace'), { env: { HOME: folder } });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (text += part));
  return new Promise((resolve) => child.on('close', () => resolve(text)));
}

function build(folder: string, ...options: string[]) {
  const script = join(folder, 'scripts/build.ts');
  const node = join(modules, '.bin/node');
  return spawnSync(node, [script, ...options], { encoding: 'utf8' });
}

const current = (folder: string): { build: string } =>
  JSON.parse(readFileSync(join(folder, 'dist/current.json'), 'utf8'));
const inDist = (folder: string) => readdirSync(join(folder, 'dist'));

/** Writes a list of npm with one package, of which pstrace depends on that version. */
function writeLock(folder: string, file: string, name: string, version: string): void {
  const packages = {
    '': { dependencies: { [name]: version } },
    [`node_modules/${name}`]: { version },
  };
  writeFileSync(join(folder, file), JSON.stringify({ packages }));
}

/** Replaces the link to the packages by a folder of links to each of them. */
function linkPackages(folder: string, names: readonly string[]): void {
  rmSync(join(folder, 'node_modules'));
  mkdirSync(join(folder, 'node_modules'));
  for (const name of names) symlinkSync(join(modules, name), join(folder, 'node_modules', name));
}

/** Takes the bundler away, as on a system for which npm has no build of it. */
function removeBundler(folder: string): void {
  linkPackages(folder, ['.bin', 'p-limit', 'yocto-queue', 'undici']);
}

test('this checkout can be compiled', () => {
  expect(build(root)).toEqual(expect.objectContaining({ status: 0, stdout: '', stderr: '' }));
});

test('the first start compiles, those after it use that', () => {
  const folder = checkout();
  expect(start(folder)).toBe('one compiled function');
  const before = statSync(join(folder, 'dist/current.json'));
  expect(start(folder)).toBe('one compiled function');
  expect(statSync(join(folder, 'dist/current.json'))).toMatchObject({
    ino: before.ino,
    mtimeMs: before.mtimeMs,
  });
  const licenses = readFileSync(
    join(folder, 'dist', current(folder).build, 'licenses.txt'),
    'utf8',
  );
  expect(licenses).toMatch(/^p-limit [\d.]+ \(MIT\)\n\nMIT License\n/);
});

test('git pull without a build: the next start runs the new code', () => {
  const upstream = checkout();
  writeFileSync(join(upstream, '.gitignore'), 'dist/\nnode_modules\n.cache\n');
  const git = (cwd: string, ...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.example', ...args], {
      cwd,
      stdio: 'pipe',
    });
  git(upstream, 'init', '-q');
  git(upstream, 'add', '.');
  git(upstream, 'commit', '-qm', 'one');
  const folder = join(tempDir(), 'clone');
  git('/', 'clone', '-q', upstream, folder);
  symlinkSync(modules, join(folder, 'node_modules'));
  expect(start(folder)).toBe('one compiled function');
  setVersion(upstream, 'two');
  git(upstream, 'commit', '-qam', 'two');
  git(folder, 'pull', '-q');
  expect(start(folder)).toBe('two compiled function');
  git(folder, 'checkout', '-q', 'HEAD~1');
  expect(start(folder)).toBe('one compiled function');
});

test('between git pull and npm ci, a start says what to do instead of breaking', () => {
  const folder = checkout();
  linkPackages(
    folder,
    readdirSync(modules).filter((name) => name !== '.package-lock.json'),
  );
  const [wanted, installed] = ['package-lock.json', 'node_modules/.package-lock.json'];
  writeLock(folder, wanted, 'p-limit', '1.0.0');
  expect(start(folder), 'without a list of the installed packages').toBe('one compiled function');
  writeLock(folder, installed, 'p-limit', '1.0.0');
  setVersion(folder, 'two');
  expect(start(folder), 'with equal lists').toBe('two compiled function');
  for (const [name, version, code] of [
    ['p-limit', '2.0.0', 'three'],
    ['new-package', '1.0.0', 'four'],
  ] as const) {
    const before = start(folder);
    writeLock(folder, wanted, name, version);
    expect(start(folder), 'the build has its packages').toBe(before);
    setVersion(folder, code);
    const { status, stdout, stderr } = spawnSync(join(folder, 'bin/pstrace'), {
      env: { HOME: folder },
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr }).toEqual({
      status: 78,
      stdout: '',
      stderr: `pstrace: the packages in ${folder}/node_modules do not match package-lock.json; run 'npm ci' in ${folder}.\n`,
    });
    writeLock(folder, installed, name, version);
    expect(start(folder), 'after npm ci').toBe(`${code} compiled function`);
  }
});

test('an optional package of another system may be missing; another version of one may not be there', () => {
  const folder = checkout();
  linkPackages(
    folder,
    readdirSync(modules).filter((name) => name !== '.package-lock.json'),
  );
  const lockWith = (file: string, packages: Record<string, unknown>) =>
    writeFileSync(join(folder, file), JSON.stringify({ packages }));
  lockWith('package-lock.json', {
    '': { optionalDependencies: { 'for-arm64': '2.0.0', 'for-x64': '2.0.0' } },
    'node_modules/for-arm64': { version: '2.0.0' },
    'node_modules/for-x64': { version: '2.0.0' },
  });
  const installed = 'node_modules/.package-lock.json';
  lockWith(installed, { 'node_modules/for-x64': { version: '2.0.0' } });
  expect(start(folder)).toBe('one compiled function');
  setVersion(folder, 'two');
  lockWith(installed, { 'node_modules/for-x64': { version: '1.0.0' } });
  const { status, stderr } = spawnSync(join(folder, 'bin/pstrace'), {
    env: { HOME: folder },
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 78, stderr: expect.stringContaining('npm ci') });
});

test('a file replaced by one with the same size and time counts as another', () => {
  const folder = checkout();
  const file = join(folder, 'src/cli/version.ts');
  utimesSync(file, 1, 1);
  start(folder);
  setVersion(folder, 'two');
  utimesSync(file, 1, 1);
  expect(start(folder)).toBe('two compiled function');
});

test('a source that is added or taken away makes another build', () => {
  const folder = checkout();
  start(folder);
  const first = current(folder).build;
  writeFileSync(join(folder, 'src/added.ts'), '');
  start(folder);
  expect(current(folder).build).not.toBe(first);
  rmSync(join(folder, 'src/added.ts'));
  start(folder);
  expect(current(folder).build).toBe(first);
});

test('the same bytes with other times are the same program, built or not', () => {
  const folder = checkout();
  start(folder);
  const made = statSync(join(folder, 'dist', current(folder).build)).mtimeMs;
  for (const name of ['main.ts', 'version.ts']) utimesSync(join(folder, 'src/cli', name), 1, 1);
  removeBundler(folder);
  expect(start(folder)).toBe('one compiled function');
  expect(statSync(join(folder, 'dist', current(folder).build)).mtimeMs).toBe(made);
});

test('another version of a package that is compiled in makes another build', () => {
  const folder = checkout();
  linkPackages(
    folder,
    readdirSync(modules).filter((name) => name !== 'p-limit'),
  );
  cpSync(join(modules, 'p-limit'), join(folder, 'node_modules/p-limit'), { recursive: true });
  expect(start(folder)).toBe('one compiled function');
  const entry = join(folder, 'node_modules/p-limit/index.js');
  writeFileSync(entry, 'export default 1;');
  const manifest = join(folder, 'node_modules/p-limit/package.json');
  writeFileSync(
    manifest,
    readFileSync(manifest, 'utf8').replace(/"version": ".*"/, '"version": "99.0.0"'),
  );
  expect(start(folder)).toBe('one compiled number');
});

test('without the bundler the sources run, never an outdated build', () => {
  const folder = checkout();
  removeBundler(folder);
  expect(start(folder)).toBe('one sources function');
  expect(existsSync(join(folder, 'dist'))).toBe(false);
  const built = checkout();
  start(built);
  removeBundler(built);
  expect(start(built)).toBe('one compiled function');
  setVersion(built, 'two');
  expect(start(built)).toBe('two sources function');
});

test('in a checkout of somebody else the sources run and nothing is written', () => {
  const folder = checkout();
  start(folder);
  setVersion(folder, 'two');
  const before = inDist(folder);
  // root may write everywhere, yet what it leaves would be in the way of the owner.
  if (process.getuid?.() === 0) chownSync(folder, 65_534, 65_534);
  else chmodSync(join(folder, 'dist'), 0o555);
  onTestFinished(() => chmodSync(join(folder, 'dist'), 0o755));
  expect(start(folder)).toBe('two sources function');
  expect(inDist(folder)).toEqual(before);
});

test('sources that cannot be compiled run as they are, and leave nothing half done', () => {
  const folder = checkout();
  start(folder);
  const before = inDist(folder);
  setVersion(folder, 'two');
  writeFileSync(
    join(folder, 'src/cli/main.ts'),
    "import('no-such-package').catch(() => 0);\nprocess.stdout.write('as they are');\n",
  );
  expect(start(folder)).toBe('as they are');
  expect(inDist(folder)).toEqual(before);
  expect(build(folder)).toMatchObject({
    status: 1,
    stderr: expect.stringMatching('no-such-package'),
  });
});

test('the rest of an interrupted build, or a truncated list, is not used as a build', () => {
  const folder = checkout();
  start(folder);
  rmSync(join(folder, 'dist', current(folder).build), { recursive: true });
  expect(start(folder)).toBe('one compiled function');
  writeFileSync(join(folder, 'dist/current.json'), '{"build":"');
  expect(start(folder)).toBe('one compiled function');
});

test('starts at the same time do not break each other', async () => {
  const folder = checkout();
  const four = () => Promise.all([1, 2, 3, 4].map(() => startAside(folder)));
  expect(await four()).toEqual(Array(4).fill('one compiled function'));
  setVersion(folder, 'two');
  expect(await four()).toEqual(Array(4).fill('two compiled function'));
  expect(inDist(folder)).toHaveLength(3);
});

test('the two builds before stay for programs that run, older ones go, and all for a package', () => {
  const folder = checkout();
  const names = ['one', 'two', 'three', 'four'].map((version) => {
    setVersion(folder, version);
    start(folder);
    return current(folder).build;
  });
  expect(inDist(folder).sort()).toEqual([...names.slice(1), 'current.json'].sort());
  expect(build(folder, '--only').status).toBe(0);
  expect(inDist(folder).sort()).toEqual([names[3], 'current.json'].sort());
});

test('what has no sources runs what came with it', () => {
  const folder = checkout();
  start(folder);
  rmSync(join(folder, 'src'), { recursive: true });
  rmSync(join(folder, 'scripts'), { recursive: true });
  expect(start(folder)).toBe('one compiled function');
});

test('without the bundler, a failed build is an error only on request', () => {
  const folder = checkout();
  removeBundler(folder);
  expect(build(folder, '--if-possible')).toMatchObject({
    status: 0,
    stderr: expect.stringMatching(/^pstrace is not compiled and runs from its sources: .*rolldown/),
  });
  expect(build(folder).status).toBe(1);
});
