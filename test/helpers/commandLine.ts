import type { Command } from 'commander';
import { parseOperands } from '../../src/cli/operands.ts';
import { type CommandActions, commandNames, createProgram } from '../../src/cli/program.ts';

/** The command line with actions that check only whether their operands can be archives and a window. */
export function idleProgram(): Command {
  return createProgram('0', idleActions());
}

function idleActions(): CommandActions {
  const idle: object = new Proxy(() => Promise.resolve(), {
    get: (_, name) =>
      name === 'run'
        ? async (operands: string[]) => void parseOperands(operands, commandNames)
        : idle,
  });
  return idle as CommandActions;
}

/** A command as its user writes it: `pstrace silence remove <id...>`. */
export interface DocumentedCommand {
  readonly synopsis: string;
  /** Flags of its options: `--family <4|6>`. */
  readonly flags: readonly string[];
}

/** Every command that does something, the one without a name first. */
export function documentedCommands(): DocumentedCommand[] {
  const program = idleProgram();
  return [documented(program, []), ...below(program, [])];
}

function below(parent: Command, path: readonly string[]): DocumentedCommand[] {
  return parent.commands.flatMap((command) => {
    const here = [...path, command.name()];
    return command.commands.length === 0 ? [documented(command, here)] : below(command, here);
  });
}

function documented(command: Command, path: readonly string[]): DocumentedCommand {
  const operands = command.usage().replace(/^\[options\] ?/, '');
  return {
    synopsis: ['pstrace', ...path, operands].filter(Boolean).join(' '),
    flags: command.options.map(({ flags }) => flags),
  };
}
