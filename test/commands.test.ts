import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { expect, onTestFinished, test, vi } from 'vitest';
import { commandNames } from '../src/cli/command.ts';
import { idleProgram } from './helpers/commandLine.ts';

const root = join(import.meta.dirname, '..');
const files = globSync(['README.md', 'docs/*.md', 'conf/crontab.example', 'conf/systemd/*'], {
  cwd: root,
});

/** Lines of code in a text, of Markdown those in fences and between backticks, which may be broken anywhere. */
function codeLines(text: string, isMarkdown: boolean): string[] {
  if (!isMarkdown) return text.split('\n');
  const fenced = [...text.matchAll(/^```.*\n([\s\S]*?)^```/gm)].flatMap(([, code = '']) =>
    code.split('\n'),
  );
  const inline = text.replaceAll(/^```.*\n[\s\S]*?^```/gm, '').matchAll(/`([^`]+)`/g);
  return [...fenced, ...[...inline].map(([, code = '']) => code.replaceAll('\n', ' '))];
}

/** The arguments of every call of pstrace in a line, as a shell splits them. */
function calls(line: string): string[][] {
  const [, ...after] = line.split(/bin\/pstrace(?= |$)/);
  return after.map((rest) => {
    const words = [...rest.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)];
    const end = words.findIndex(([, , , plain]) => /^(&&|\||>>?)$/.test(plain ?? ''));
    const own = end === -1 ? words : words.slice(0, end);
    return own.map(([, one, two, plain]) => one ?? two ?? plain ?? '');
  });
}

/** Why a command line is refused; null when it is understood, or no more than the name of a command. */
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

test.each(files)('%s: every command line of pstrace in it is understood', async (file) => {
  silenceOutput();
  const lines = codeLines(readFileSync(join(root, file), 'utf8'), file.endsWith('.md'));
  const refused = await Promise.all(lines.flatMap(calls).map(refusal));
  expect(refused.filter((why) => why !== null)).toEqual([]);
});

test('a line that is wrong is found, wherever it stands', async () => {
  silenceOutput();
  const unit = 'ExecStart=/opt/pstrace/bin/pstrace mtr --sate /x';
  const markdown = `see \`bin/pstrace render
7q\`

\`\`\`sh
bin/pstrace mtr && bin/pstrace silence add --for 8h >> file
\`\`\`
`;
  const lines = [...codeLines(unit, false), ...codeLines(markdown, true)];
  const refused = await Promise.all(lines.flatMap(calls).map(refusal));
  expect(refused).toEqual([
    expect.stringMatching(/unknown option '--sate'/),
    null,
    expect.stringMatching(/silence add --for 8h: .*--reason/),
    expect.stringMatching(/render 7q: .*7q/),
  ]);
});
