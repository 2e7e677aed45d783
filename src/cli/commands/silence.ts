import { type Command, Option } from 'commander';
import { type ChangeClass, changeClasses } from '../../model/change/change.ts';
import type { AddCommand, Invoke } from '../command.ts';
import {
  addCommonOptions,
  addDatabaseOptions,
  collectValues,
  type DatabaseOptions,
} from '../options.ts';
import { loadSiteConfig } from '../siteConfig.ts';
import { parseSeconds, parseTime } from '../values.ts';

/** Options of `silence add`: `for` in seconds, `until` in epoch seconds. */
interface SilenceAddOptions extends DatabaseOptions {
  readonly test?: readonly string[];
  readonly group?: readonly string[];
  readonly element?: readonly string[];
  readonly class?: readonly ChangeClass[];
  readonly for?: number;
  readonly until?: number;
  readonly reason: string;
}

interface SilenceListOptions extends DatabaseOptions {
  readonly all?: boolean;
}

export const addSilence: AddCommand = (program, invoke) => {
  const silence = program
    .command('silence')
    .description('stop notifications of certain changes for a while');
  addSilenceAdd(silence, invoke);
  addSilenceList(silence, invoke);
  addSilenceRemove(silence, invoke);
};

function addSilenceAdd(silence: Command, invoke: Invoke): void {
  const command = silence
    .command('add')
    .description('silence changes that match everything given, from now on; pages still show them')
    .option(
      '--test <pattern>',
      'host, address or id with *, or "a > b" (repeatable)',
      collectValues,
    )
    .option(
      '--group <name>',
      'tests of a [[group]] of the configuration (repeatable)',
      collectValues,
    )
    .option(
      '--element <name>',
      'router, address, prefix, host, or AS as in AS64500, that the change involves (repeatable)',
      collectValues,
    )
    .addOption(new Option('--class <name...>', 'classes of changes').choices(changeClasses))
    .addOption(
      new Option('--for <time>', 'duration: 90m, 8h, 2d')
        .argParser(parseSeconds)
        .conflicts('until'),
    )
    .addOption(new Option('--until <time>', 'end: ISO 8601 or epoch seconds').argParser(parseTime))
    .requiredOption('--reason <text>', 'reason, which the pages show')
    .action(() =>
      invoke(command, async (session, options: SilenceAddOptions) => {
        const { addSilence } = await import('../../pipeline/operator/silence.ts');
        const request = {
          tests: options.test ?? [],
          groups: options.group ?? [],
          elements: options.element ?? [],
          classes: options.class ?? [],
          forSeconds: options.for ?? null,
          until: options.until ?? null,
          reason: options.reason,
        };
        return addSilence(request, await loadSiteConfig(options, session), session);
      }),
    );
  addCommonOptions(addDatabaseOptions(command));
}

function addSilenceList(silence: Command, invoke: Invoke): void {
  const command = silence
    .command('list')
    .description('list silences and the maintenance windows of the configuration')
    .option('--all', 'include silences that have ended')
    .action(() =>
      invoke(command, async (session, options: SilenceListOptions) => {
        const { listSilences } = await import('../../pipeline/operator/silence.ts');
        return listSilences(options.all ?? false, await loadSiteConfig(options, session), session);
      }),
    );
  addCommonOptions(addDatabaseOptions(command));
}

function addSilenceRemove(silence: Command, invoke: Invoke): void {
  const command = silence
    .command('remove')
    .description('end silences at once')
    .argument('<id...>', 'ids as add and list print them, or how they begin')
    .action((ids: string[]) =>
      invoke(command, async (session, options: DatabaseOptions) => {
        const { removeSilences } = await import('../../pipeline/operator/silence.ts');
        return removeSilences(ids, await loadSiteConfig(options, session), session);
      }),
    );
  addCommonOptions(addDatabaseOptions(command));
}
