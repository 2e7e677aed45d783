import { resolve } from 'node:path';
import type { Command } from 'commander';
import {
  type AckOptions,
  addConfigOption,
  addMaxAgeOption,
  addRecipientOption,
  addSilenceOptions,
  type CheckOptions,
  type ConfigOptions,
  type SilenceListOptions,
  type SilenceOptions,
  type TestAlertOptions,
} from './alertOptions.ts';
import {
  addCommonOptions,
  addDatabaseOptions,
  type CommonOptions,
  type DatabaseOptions,
} from './options.ts';

/** What the commands do that are about alerts and what is expected. Files are absolute; null stands for stdin. */
export interface AlertActions {
  addSilence(options: SilenceOptions): Promise<void>;
  listSilences(options: SilenceListOptions): Promise<void>;
  removeSilences(ids: readonly string[], options: DatabaseOptions): Promise<void>;
  /** null: tell the incidents that last. */
  acknowledge(incident: string | null, options: AckOptions): Promise<void>;
  /** A pattern of tests, null for all. */
  checkTests(pattern: string | null, options: CheckOptions): Promise<void>;
  testAlert(options: TestAlertOptions): Promise<void>;
  /** Patterns of tests; none for all. */
  learn(tests: readonly string[], options: DatabaseOptions): Promise<void>;
  checkConfig(options: DatabaseOptions): Promise<void>;
  importPsTrace(file: string | null, options: CommonOptions): Promise<void>;
}

/** Adds `pstrace test-alert`, `learn` and `config …`. `inherited` gives a command's options with those given before its name. */
export function addAlertCommands(
  program: Command,
  actions: AlertActions,
  inheritOptions: <Options>(command: Command) => Options,
): void {
  const silence = program
    .command('silence')
    .description('tell nobody of certain changes for a while');
  const addCommand = silence
    .command('add')
    .description('silence from now on; what is given must all fit. The pages show it all the same')
    .action((_, command: Command) => actions.addSilence(inheritOptions<SilenceOptions>(command)));
  addCommonOptions(addSilenceOptions(addDatabaseOptions(addCommand)));
  const listCommand = silence
    .command('list')
    .description('say what is silenced, maintenance of the configuration among it')
    .option('--all', 'also what is over')
    .action((_, command: Command) => actions.listSilences(inheritOptions(command)));
  addCommonOptions(addDatabaseOptions(listCommand));
  const removeCommand = silence
    .command('remove')
    .description('end silences at once')
    .argument('<id...>', 'as add and list tell them, or their beginning')
    .action((ids: string[], _, command: Command) =>
      actions.removeSilences(ids, inheritOptions(command)),
    );
  addCommonOptions(addDatabaseOptions(removeCommand));

  const ackCommand = program
    .command('ack')
    .description('say that you know of an incident: no more updates, only its end is told')
    .argument('[incident]', 'its code, as mails have it; without one: which incidents last')
    .option('--note <text>', 'for the others')
    .action((incident: string | undefined, _, command: Command) =>
      actions.acknowledge(incident ?? null, inheritOptions(command)),
    );
  addCommonOptions(addDatabaseOptions(ackCommand));

  const checkCommand = program
    .command('check')
    .description(
      'say how the tests stand as a plugin of Nagios or Icinga: 0, 1, 2 or 3, with figures',
    )
    .argument('[source]', 'host, address or test id with *; default: all tests')
    .argument('[destination]', 'only tests from that source to this host')
    .addHelpText('after', `\n${checkHelp}`)
    .action((source: string | undefined, destination: string | undefined, _, command: Command) => {
      const pattern = destination === undefined ? (source ?? null) : `${source} > ${destination}`;
      return actions.checkTests(pattern, inheritOptions(command));
    });
  addCommonOptions(addMaxAgeOption(addDatabaseOptions(checkCommand)));

  const testAlertCommand = program
    .command('test-alert')
    .description('send a test message to every recipient and say who accepted it')
    .action((_, command: Command) => actions.testAlert(inheritOptions<TestAlertOptions>(command)));
  addCommonOptions(addRecipientOption(addConfigOption(testAlertCommand)));

  const learnCommand = program
    .command('learn')
    .description('print a start for [[policy]] of the configuration, from what is stored')
    .argument('[test...]', 'only these tests: host, address or id with *, or "a > b"')
    .action((tests: string[], _, command: Command) =>
      actions.learn(tests, inheritOptions(command)),
    );
  addCommonOptions(addDatabaseOptions(learnCommand));

  const config = program.command('config').description('look after the configuration');
  const checkConfigCommand = config
    .command('check')
    .description(
      'say whether the configuration and all files that it names are right, and what its patterns fit',
    )
    .action((_, command: Command) => actions.checkConfig(inheritOptions(command)));
  addCommonOptions(addDatabaseOptions(checkConfigCommand));
  const importCommand = config
    .command('import-pstrace')
    .description("print what the config.ini of psTrace says, in this program's form")
    .argument('<file>', 'the config.ini; - for stdin')
    .action((file: string, _, command: Command) =>
      actions.importPsTrace(
        file === '-' ? null : resolve(file),
        inheritOptions<ConfigOptions>(command),
      ),
    );
  addCommonOptions(importCommand);
}

const checkHelp = `As the last run left it, with the incidents and silences of now:
  0  OK        all is as usual
  1  WARNING   a lesser incident; a test that is not as usual or gives no results
  2  CRITICAL  a critical or major incident; a test that is not reached
  3  UNKNOWN   no run for too long, no such test, no results at all, or a fault of pstrace`;
