import type { Command } from 'commander';
import type { Session } from '../pipeline/session.ts';
import type { CommonOptions } from './options.ts';

/**
 * Runs the work of a command in its own session. `work` receives the options of the command and
 * those before its name, and returns an exit code.
 */
export type Invoke = <Options extends CommonOptions>(
  command: Command,
  work: (session: Session, options: Options) => Promise<number>,
) => Promise<void>;

/** Adds one command to the program: its name, help, options, operands and work. */
export type AddCommand = (program: Command, invoke: Invoke) => void;

/** Words that `pstrace WORD` reads as a command, not as an archive. */
export function commandNames(program: Command): string[] {
  return [...program.commands.map((command) => command.name()), 'help'];
}

/**
 * The options of a command together with those before its name: `pstrace -v render` equals
 * `pstrace render -v`. Throws a `CommanderError` for an option that the command does not have.
 */
export function inheritedOptions<Options>(command: Command): Options {
  for (let ancestor = command.parent; ancestor !== null; ancestor = ancestor.parent) {
    for (const option of ancestor.options) {
      const name = option.attributeName();
      if (ancestor.getOptionValueSource(name) !== 'cli') continue;
      if (!command.options.some((each) => each.attributeName() === name)) {
        command.error(`error: option '${option.flags}' does not belong to '${command.name()}'`);
      }
      if (command.getOptionValueSource(name) === 'cli') continue;
      command.setOptionValueWithSource(name, ancestor.getOptionValue(name), 'cli');
    }
  }
  return command.opts() as Options;
}
