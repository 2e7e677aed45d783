import { Command, type OutputConfiguration } from 'commander';
import { redactPasswords } from '../lib/text.ts';
import type { AddCommand, Invoke } from './command.ts';
import { addAccept } from './commands/accept.ts';
import { addAck } from './commands/ack.ts';
import { addCheck } from './commands/check.ts';
import { addConfig } from './commands/config.ts';
import { addDb } from './commands/db.ts';
import { addDemo } from './commands/demo.ts';
import { addDemoArchive } from './commands/demoArchive.ts';
import { addImport } from './commands/import.ts';
import { addLearn } from './commands/learn.ts';
import { addMonitor } from './commands/monitor.ts';
import { addMtr } from './commands/mtr.ts';
import { addPublishTo } from './commands/publishTo.ts';
import { addRender } from './commands/render.ts';
import { addRun } from './commands/run.ts';
import { addSilence } from './commands/silence.ts';
import { addTestAlert } from './commands/testAlert.ts';
import { addTests } from './commands/tests.ts';

/** Every command, in the order of the help. `addRun` adds the run, which needs no command. */
const commands: readonly AddCommand[] = [
  addRun,
  addRender,
  addPublishTo,
  addDemo,
  addDemoArchive,
  addMtr,
  addMonitor,
  addImport,
  addSilence,
  addAck,
  addAccept,
  addCheck,
  addTests,
  addTestAlert,
  addLearn,
  addConfig,
  addDb,
];

/**
 * The command line. `output` replaces stdout and stderr for its help and errors. Parsing
 * throws a `CommanderError` for wrong usage, and after --help and --version.
 */
export function createProgram(
  version: string,
  invoke: Invoke,
  output: OutputConfiguration = {},
): Command {
  const program = new Command('pstrace')
    .helpCommand('help [command]', 'print the help of a command')
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError("Try 'pstrace --help'.")
    .configureOutput({
      ...output,
      outputError: (text, write) => write(redactPasswords(text.replace(/^error: /, 'pstrace: '))),
    });
  for (const add of commands) add(program, invoke);
  return program.version(version, '--version', 'print the version');
}
