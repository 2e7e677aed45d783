import type { Command } from 'commander';
import { commandNames, inheritedOptions } from '../../src/cli/command.ts';
import { parseOperands } from '../../src/cli/operands.ts';
import { createProgram } from '../../src/cli/program.ts';

/** The command line with commands that only check their options and operands. */
export function idleProgram(): Command {
  const program = createProgram('0', async (command) => {
    inheritedOptions(command);
    if (command === program) parseOperands(command.args, commandNames(program));
  });
  return program;
}

/** A command as users write it: `pstrace silence remove <id...>`. */
export interface DocumentedCommand {
  readonly synopsis: string;
  /** Flags of its options: `--family <4|6>`. */
  readonly flags: readonly string[];
}

/** Every command with an action of its own, the one without a name first. */
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
