import { resolve } from 'node:path';
import type { Command } from 'commander';
import { addCommonOptions, addDatabaseOptions, type DatabaseOptions } from './options.ts';

/** What each command of `pstrace db` does. Files are absolute; null stands for stdin or stdout. */
export interface DatabaseActions {
  check(options: DatabaseOptions): Promise<void>;
  vacuum(options: DatabaseOptions): Promise<void>;
  backup(file: string, options: DatabaseOptions): Promise<void>;
  export(file: string | null, options: DatabaseOptions): Promise<void>;
  import(file: string | null, options: DatabaseOptions): Promise<void>;
}

/** Adds `pstrace db …`. `inherited` gives a command's options with those given before its name. */
export function addDatabaseCommands(
  program: Command,
  actions: DatabaseActions,
  inheritOptions: (command: Command) => DatabaseOptions,
): void {
  const db = program.command('db').description('care for the database');
  const add = (name: string, description: string): Command =>
    addCommonOptions(addDatabaseOptions(db.command(name).description(description)));

  add('check', 'look through the whole database and say whether it is whole').action(
    (_, command: Command) => actions.check(inheritOptions(command)),
  );
  add('vacuum', 'make the file of the database as small as it can be').action(
    (_, command: Command) => actions.vacuum(inheritOptions(command)),
  );
  add('backup', 'write a copy of the database into a file, also while a run is at work')
    .argument('<file>', 'replaced in one step when it is a backup')
    .action((file: string, _, command: Command) =>
      actions.backup(resolve(file), inheritOptions(command)),
    );
  add('export', 'write everything as one JSON object a line')
    .argument('[file]', 'where to; - or nothing for stdout')
    .action((file: string | undefined, _, command: Command) =>
      actions.export(resolveFileOperand(file), inheritOptions(command)),
    );
  add('import', 'take in an export; what is known already stays')
    .argument('<file>', 'the export; - for stdin')
    .action((file: string, _, command: Command) =>
      actions.import(resolveFileOperand(file), inheritOptions(command)),
    );
}

function resolveFileOperand(operand = '-'): string | null {
  return operand === '-' ? null : resolve(operand);
}
