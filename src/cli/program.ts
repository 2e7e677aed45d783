import { Command } from 'commander';
import { redactPasswords } from '../lib/text.ts';
import { type AlertActions, addAlertCommands } from './alertProgram.ts';
import { addDatabaseCommands, type DatabaseActions } from './dbProgram.ts';
import { examples, exitCodeHelp, windowHelp } from './helpText.ts';
import { addMtrCommands, type MtrActions } from './mtrProgram.ts';
import {
  addCommonOptions,
  addDemoArchiveOptions,
  addRenderOptions,
  addRunOptions,
  addSiteOptions,
  type DemoArchiveCommandOptions,
  parseDurationOption,
  type RenderOptions,
  type RunOptions,
  type SiteCommandOptions,
} from './options.ts';

/** What each command does with its arguments. */
export interface CommandActions {
  /** Operands: archives, and at the end perhaps a period. */
  run(operands: readonly string[], options: RunOptions): Promise<void>;
  /** `period` in seconds. */
  render(windowSeconds: number | undefined, options: RenderOptions): Promise<void>;
  demo(options: SiteCommandOptions): Promise<void>;
  demoArchive(options: DemoArchiveCommandOptions): Promise<void>;
  readonly db: DatabaseActions;
  readonly mtr: MtrActions;
  readonly alerts: AlertActions;
}

/** Words that `pstrace WORD` takes for a command, not for an archive. */
export const commandNames = [
  'render',
  'demo',
  'demo-archive',
  'db',
  'mtr',
  'monitor',
  'import',
  'silence',
  'ack',
  'check',
  'test-alert',
  'learn',
  'config',
  'help',
];

/** The command line. Throws a `CommanderError` for what it does not understand, and after --help and --version. */
export function createProgram(version: string, actions: CommandActions): Command {
  const program = new Command('pstrace')
    .description('Every route in a perfSONAR mesh, watched: asks archives, writes a static site.')
    .usage('[options] <archive...> [period]')
    .argument('[archive...]', 'host, host:port or base URL; default: those of the configuration')
    .helpCommand('help [command]', 'print the help of a command')
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError("Try 'pstrace --help'.")
    .configureOutput({
      outputError: (text, write) => write(redactPasswords(text.replace(/^error: /, 'pstrace: '))),
    })
    .addHelpText('after', `\n${windowHelp}\n\n${examples}\n\n${exitCodeHelp}`)
    .action((operands: string[], options: RunOptions) => actions.run(operands, options));
  addCommonOptions(addRunOptions(addRenderOptions(program)));
  program.version(version, '--version', 'print the version');

  const render = program
    .command('render')
    .description('rebuild the whole site from the stored traces, without asking any archive')
    .argument(
      '[period]',
      'how far back to look; default: what the last run looked at',
      parseDurationOption,
    )
    .action((windowSeconds: number | undefined, _: RenderOptions, command: Command) =>
      actions.render(windowSeconds, inheritOptions(command)),
    );
  addCommonOptions(addRenderOptions(render));

  const demo = program
    .command('demo')
    .description('simulate a mesh, run pstrace on it and say where the pages are')
    .action((_: SiteCommandOptions, command: Command) => actions.demo(inheritOptions(command)));
  addCommonOptions(
    addSiteOptions(
      demo,
      (standard) => `(default: ${standard === 'var' ? 'var/demo, begun anew' : standard})`,
    ),
  );

  const demoArchive = program
    .command('demo-archive')
    .description('serve the simulated archive on this host until stopped')
    .action((_: DemoArchiveCommandOptions, command: Command) =>
      actions.demoArchive(inheritOptions(command)),
    );
  addCommonOptions(addDemoArchiveOptions(demoArchive));

  addMtrCommands(program, actions.mtr, inheritOptions);
  addAlertCommands(program, actions.alerts, inheritOptions);
  addDatabaseCommands(program, actions.db, inheritOptions);
  return program;
}

/** Options of a command with those given before its name: `pstrace -v render` is `pstrace render -v`. */
function inheritOptions<Options>(command: Command): Options {
  for (let ancestor = command.parent; ancestor !== null; ancestor = ancestor.parent) {
    for (const option of ancestor.options) {
      const name = option.attributeName();
      if (ancestor.getOptionValueSource(name) !== 'cli') continue;
      if (!command.options.some((own) => own.attributeName() === name)) {
        command.error(`error: option '${option.flags}' does not belong to '${command.name()}'`);
      }
      if (command.getOptionValueSource(name) === 'cli') continue;
      command.setOptionValueWithSource(name, ancestor.getOptionValue(name), 'cli');
    }
  }
  return command.opts() as Options;
}
