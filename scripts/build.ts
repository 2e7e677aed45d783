import { randomUUID } from 'node:crypto';
import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import type { rolldown as Rolldown } from 'rolldown';
import { currentBuild, digestOf, sourceEntry, statsOf, writeCurrent } from '../bin/currentBuild.js';
import { bundleScripts } from '../src/report/bundleScripts.ts';

/*
 * npm run build: compiles the program with the packages that it uses into a folder of dist/. The
 * name of the folder is the digest of the sources.
 *   --if-possible   if it cannot compile, print the reason and succeed (npm ci --omit=dev)
 *   --only          leave no older builds (npm pack)
 */

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
/** Number of previous builds to retain: a running program may still load parts of itself. */
const kept = 2;
const hourMs = 3_600_000;

const { values: options } = parseArgs({
  options: { 'if-possible': { type: 'boolean' }, only: { type: 'boolean' } },
});
// Every user that runs the program has to read the build.
process.umask(0o022);
try {
  if (currentBuild(root) === null) await build();
  prune(options.only ? 0 : kept);
} catch (error) {
  if (!options['if-possible']) throw error;
  const why = error instanceof Error ? error.message : String(error);
  process.stderr.write(`pstrace is not compiled and runs from its sources: ${why}\n`);
}

async function build(): Promise<void> {
  // Missing if npm has no rolldown for this system.
  const { rolldown } = await import('rolldown');
  const before = JSON.stringify(statsOf(root, []));
  mkdirSync(dist, { recursive: true });
  const folder = join(dist, `tmp-${randomUUID()}`);
  try {
    const packages = await bundle(rolldown, folder);
    await writeScripts(join(folder, 'scripts'));
    writeFileSync(join(folder, 'licenses.txt'), packages.map(licenseOf).join('\n'));
    const stats = statsOf(root, packages);
    const name = digestOf(root, packages);
    if (JSON.stringify(statsOf(root, [])) !== before)
      throw new Error('the sources change while they are compiled');
    place(folder, join(dist, name));
    writeCurrent(root, { build: name, packages, stats });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes the program into a folder. Returns the manifests of the packages in it. */
async function bundle(rolldown: typeof Rolldown, folder: string): Promise<string[]> {
  const bundled = await rolldown({
    cwd: root,
    input: { main: sourceEntry },
    platform: 'node',
    // A build contains its browser scripts, so it does not need rolldown.
    external: ['rolldown'],
    onLog: (level, log, print) => {
      if (log.code !== 'UNRESOLVED_IMPORT') print(level, log);
      // Optional package of Nunjucks that watches templates.
      else if (!log.message.includes('chokidar')) throw new Error(log.message);
    },
  });
  const { output } = await bundled.write({ dir: folder, entryFileNames: '[name].js' });
  await bundled.close();
  const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
  const manifests = modules.map(manifestOf).filter((path) => path !== null);
  return [...new Set(manifests)].sort();
}

/** Writes the scripts of the pages. */
async function writeScripts(folder: string): Promise<void> {
  mkdirSync(folder);
  for (const [name, code] of await bundleScripts()) writeFileSync(join(folder, name), code);
}

function manifestOf(module: string): string | null {
  const [, folder] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(module) ?? [];
  return folder === undefined ? null : relative(root, join(folder, 'package.json'));
}

/** The texts of a package's license, which every copy has to include. */
function licenseOf(manifest: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(root, manifest), 'utf8'));
  const folder = join(root, dirname(manifest));
  const texts = globSync(['LICEN[CS]E*', 'licen[cs]e*'], { cwd: folder }).sort();
  const text = texts.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
  return `${name} ${version} (${license})\n\n${text}\n`;
}

/** Renames a finished build to its final name. Another start may have made the same build. */
function place(folder: string, target: string): void {
  if (existsSync(join(target, 'main.js'))) return;
  try {
    renameSync(folder, target);
  } catch (error) {
    if (!existsSync(join(target, 'main.js'))) throw error;
  }
}

function prune(others: number): void {
  const { build: name } = JSON.parse(readFileSync(join(dist, 'current.json'), 'utf8'));
  const known = readdirSync(dist).flatMap((file) => {
    const stat = statSync(join(dist, file), { throwIfNoEntry: false });
    return stat === undefined
      ? []
      : [{ path: join(dist, file), file, ageMs: Date.now() - stat.mtimeMs }];
  });
  const builds = known.filter(({ file }) => /^[0-9a-f]{16}$/.test(file) && file !== name);
  const abandoned = known.filter(({ file, ageMs }) => file.startsWith('tmp-') && ageMs > hourMs);
  const old = builds.sort((one, other) => one.ageMs - other.ageMs).slice(others);
  for (const { path } of [...old, ...abandoned]) rmSync(path, { recursive: true, force: true });
}
