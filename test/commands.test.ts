import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { commandNames } from '../src/cli/command.ts';
import { exitCodes } from '../src/lib/exitCodes.ts';
import { documentedCommands, idleProgram } from './helpers/commandLine.ts';
import { codeLinesIn, headingsIn, sectionOf, tablesIn } from './helpers/markdown.ts';

const root = join(import.meta.dirname, '..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const files = globSync(['*.md', 'docs/*.md', 'conf/crontab.example', 'conf/systemd/*'], {
  cwd: root,
});

/** Lines of code in a file. */
function codeLines(text: string, isMarkdown: boolean): string[] {
  return isMarkdown ? codeLinesIn(text) : text.split('\n');
}

/** The arguments of every call of pstrace in a line, split as a shell does. */
function calls(line: string): string[][] {
  const [, ...after] = line.split(/bin\/pstrace(?= |$)/);
  return after.map((rest) => {
    const words = [...rest.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)];
    const end = words.findIndex(([, , , plain]) => /^(&&|\||>>?)$/.test(plain ?? ''));
    const own = end === -1 ? words : words.slice(0, end);
    return own.map(([, one, two, plain]) => one ?? two ?? plain ?? '');
  });
}

/**
 * The reason why a command line is invalid; null for a valid one, or only the name of a command.
 */
async function refusal(args: readonly string[]): Promise<string | null> {
  if (args.length === 1 && commandNames(idleProgram()).includes(args[0] ?? '')) return null;
  try {
    await idleProgram().parseAsync(args, { from: 'user' });
    return null;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return null;
    return `${args.join(' ')}: ${error instanceof Error ? error.message : error}`;
  }
}

function silenceOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const spy = vi.spyOn(stream, 'write').mockReturnValue(true);
    onTestFinished(() => spy.mockRestore());
  }
}

test.each(files)('%s: every command line of pstrace in it is valid', async (file) => {
  silenceOutput();
  const lines = codeLines(read(file), file.endsWith('.md'));
  const refused = await Promise.all(lines.flatMap(calls).map(refusal));
  expect(refused.filter((why) => why !== null)).toEqual([]);
});

test('the check finds an invalid command line in any kind of code', async () => {
  silenceOutput();
  const unit = 'ExecStart=/opt/pstrace/bin/pstrace mtr --sate /x';
  const markdown = `see \`bin/pstrace render
7q\`

\`\`\`sh
bin/pstrace mtr && bin/pstrace silence add --for 8h >> file
\`\`\`

1. in a list:

   \`\`\`sh
   bin/pstrace chek --max-age 1h
   \`\`\`
`;
  const lines = [...codeLines(unit, false), ...codeLines(markdown, true)];
  const refused = await Promise.all(lines.flatMap(calls).map(refusal));
  expect(refused).toEqual([
    expect.stringMatching(/unknown option '--sate'/),
    null,
    expect.stringMatching(/silence add --for 8h: .*--reason/),
    expect.stringMatching(/chek --max-age 1h: .*--max-age/),
    expect.stringMatching(/render 7q: .*7q/),
  ]);
});

/** A command without its operands. */
function plain(synopsis: string): string {
  return synopsis.replace(/ [[<].*$/, '');
}

describe('docs/commands.md', () => {
  const text = read('docs/commands.md');
  const commands = documentedCommands();
  const flagsIn = (part: string) =>
    tablesIn(part, 'Option')
      .flat()
      .map(([flags]) => flags);
  const [common = [], located = []] = tablesIn(text, 'Option').map((rows) =>
    rows.map(([flags = '']) => flags),
  );

  test('has a section for every command, with its operands', () => {
    const sections = headingsIn(text).flatMap(
      (heading) => /^`(pstrace.*)`$/.exec(heading)?.[1] ?? [],
    );
    expect(sections.sort()).toEqual(commands.map(({ synopsis }) => synopsis).sort());
    const names = new Set(sections.map((section) => plain(section).split(' ')[1] ?? 'help'));
    expect([...names].sort()).toEqual(commandNames(idleProgram()).sort());
  });

  test('lists every command in its table', () => {
    const [rows = []] = tablesIn(text, 'Command');
    const listed = rows.flatMap(([command = '']) => {
      const [first = '', ...others] = command.replaceAll('`', '').split(', ');
      const group = first.split(' ').slice(0, -1).join(' ');
      return [first, ...others.map((name) => `${group} ${name}`)];
    });
    expect(listed.map(plain).sort()).toEqual(commands.map((one) => plain(one.synopsis)).sort());
  });

  const named = commands.map(({ synopsis, flags }) => ({ name: plain(synopsis), flags }));
  test.each(named)('lists every option of $name', ({ name, flags }) => {
    const isOwn = (heading: string) => plain(heading.replaceAll('`', '')) === name;
    const section = sectionOf(text, headingsIn(text).find(isOwn) ?? name);
    const [uses = ''] = /^Uses .*\.$/m.exec(section) ?? [];
    const used = located.filter((flag) => uses.includes(`\`${flag.split(' ')[0]}\``));
    const documented = [...flagsIn(section), ...used, ...common].sort();
    // Commander does not list the flag of the help among the options.
    expect(documented).toEqual([...flags, '-h, --help'].sort());
  });

  test('lists every exit code', () => {
    const documented = tablesIn(text, 'Code')
      .flat()
      .flatMap(([codes = '']) => codes.split(', ').map(Number));
    expect(documented).toEqual([...Object.values(exitCodes), 130, 143]);
  });
});
