import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandNames } from '../src/cli/command.ts';
import { parseConfig } from '../src/config/load.ts';
import { exitCodes } from '../src/lib/exitCodes.ts';
import { stateTexts } from '../src/report/stateText.ts';
import { siteFolder } from './golden/goldenRun.ts';
import { idleProgram } from './helpers/commandLine.ts';

const root = join(import.meta.dirname, '..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const readme = read('README.md');
const manifest = JSON.parse(read('package.json'));

/** Rows of the table under a header row that begins with `head`, cells trimmed and without code marks; nth of its kind. */
function table(head: string, nth = 0): string[][] {
  const begin = [...readme.matchAll(new RegExp(`^\\| ${head} \\|.*\\n\\|[-|]*\\n`, 'gm'))][nth];
  if (begin === undefined) throw new Error(`the README has no table headed ${head}`);
  const [rows = ''] = /^(\|.*\n)*/.exec(readme.slice(begin.index + begin[0].length)) ?? [];
  return rows
    .split('\n')
    .slice(0, -1)
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replace(/^`(.*)`$/, '$1')),
    );
}

/** Keys of the sample configuration with their defaults, in order. */
function sampleKeys(): string[][] {
  let section = '';
  return read('conf/pstrace.toml')
    .split('\n')
    .flatMap((line) => {
      const [, name] = /^#?\[+(\w+)\]+$/.exec(line) ?? [];
      if (name !== undefined) section = `${name}.`;
      const [, key, value = ''] = /^#(\w+) = (.+)$/.exec(line) ?? [];
      return key === undefined ? [] : [[section + key, value]];
    });
}

const withoutDefault = [
  'archive.url',
  'group.name',
  'group.tests',
  'maintenance.reason',
  'maintenance.weekly',
  'recipient.name',
  'recipient.to',
];

describe('the README', () => {
  test('lists every key of the configuration with its default', () => {
    const documented = table('Key').map(([key, value]) => [key, value]);
    // What has no default is an example in the sample.
    const expected = sampleKeys().map(([key = '', value]) => [
      key,
      withoutDefault.includes(key) ? '' : value,
    ]);
    expect(documented).toEqual(expected);
  });

  test('lists every package that is used at run time, and every one for development', () => {
    const names = (nth: number) => table('Package', nth).map(([name]) => name);
    expect(names(0)).toEqual(Object.keys(manifest.dependencies));
    expect(names(1)).toEqual(Object.keys(manifest.devDependencies));
  });

  test('lists every exit code', () => {
    const documented = table('Code').flatMap(([codes = '']) => codes.split(', ').map(Number));
    expect(documented).toEqual([...Object.values(exitCodes), 130, 143]);
  });

  test('lists every state that a test can have, in the words of the pages', () => {
    const expected = stateTexts.map(({ glyph, word, meaning }) => [
      `${glyph} ${word}`,
      meaning.toLowerCase(),
    ]);
    const documented = table('State').map(([state, meaning]) => [
      state,
      `${meaning}.`.toLowerCase(),
    ]);
    expect(documented).toEqual(expected);
  });

  test('lists every page at the top of a site and of a test, and every folder', () => {
    const paths = table('Path').map((cells) => cells.join(' '));
    const isDocumented = (path: string) =>
      paths.some((cells) => cells.startsWith(path) || cells.includes(`\`${path}\``));
    const top = readdirSync(siteFolder, { withFileTypes: true });
    const names = top.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
    const [test = ''] = readdirSync(join(siteFolder, 'tests'));
    const own = readdirSync(join(siteFolder, 'tests', test)).map((name) => `tests/<id>/${name}`);
    expect([...names, ...own].filter((path) => !isDocumented(path))).toEqual([]);
  });

  test('lists every command', () => {
    const [, ...words] = table('Command').map(([command = '']) => command.split(/[\s`]+/)[1]);
    expect([...words, 'help'].sort()).toEqual([...commandNames(idleProgram())].sort());
  });

  test('has an example of alerts that holds', () => {
    const [, example = ''] = /^## Alerts$.*?```toml\n(.*?)```/ms.exec(readme) ?? [];
    const { config, faults } = parseConfig(example, 'README.md', '/');
    expect(faults).toBeNull();
    expect(config?.alerts?.recipients).toMatchObject([{ to: ['noc@example.org'] }]);
  });

  test('leaves no data file to be described elsewhere', () => {
    const described = read('docs/data.md');
    const made = readdirSync(join(siteFolder, 'data')).filter((name) => name.includes('.'));
    expect(made.filter((name) => !described.includes(`\`data/${name}\``))).toEqual([]);
  });

  test('names only scripts, options and files that are there', () => {
    const scripts = [...readme.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
    expect(scripts.filter((name) => manifest.scripts[name] === undefined)).toEqual([]);
    const help = [
      'options.ts',
      ...readdirSync(join(root, 'src/cli/commands')).map((name) => `commands/${name}`),
    ]
      .map((name) => read(`src/cli/${name}`))
      .join('');
    const commands = [...readme.matchAll(/bin\/pstrace ([^`]*)/g)].map(([, rest = '']) => rest);
    const options = commands.flatMap((rest) => rest.match(/--[a-z-]+/g) ?? []);
    expect(options.length).toBeGreaterThan(3);
    expect(
      options.filter((name) => name !== '--help' && !new RegExp(`${name}[ ']`).test(help)),
    ).toEqual([]);
    const files = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, file = '']) => file);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });
});
