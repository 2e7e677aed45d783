import { type Command, Option } from 'commander';
import { type ChangeClass, changeClasses } from '../model/change.ts';
import {
  appendValue,
  type CommonOptions,
  type DatabaseOptions,
  parseDurationOption,
  parseTimeOption,
} from './options.ts';

/** Options of commands that read nothing but the configuration. */
export interface ConfigOptions extends CommonOptions {
  readonly config?: string;
}

/** Options of `test-alert`. */
export interface TestAlertOptions extends ConfigOptions {
  readonly recipient?: readonly string[];
}

/** Options of `silence add`: `for` in seconds, `until` in epoch seconds. */
export interface SilenceOptions extends DatabaseOptions {
  readonly test?: readonly string[];
  readonly group?: readonly string[];
  readonly element?: readonly string[];
  readonly class?: readonly ChangeClass[];
  readonly for?: number;
  readonly until?: number;
  readonly reason: string;
}

/** Options of `silence list`. */
export interface SilenceListOptions extends DatabaseOptions {
  readonly all?: boolean;
}

/** Options of `ack`. */
export interface AckOptions extends DatabaseOptions {
  readonly note?: string;
}

/** Options of `check`; `maxAge` in seconds. */
export interface CheckOptions extends DatabaseOptions {
  readonly maxAge?: number;
}

/** Adds how old the last run may be. */
export function addMaxAgeOption(command: Command): Command {
  return command.option(
    '--max-age <time>',
    'UNKNOWN when the last run ended longer ago (default: 2h)',
    parseDurationOption,
  );
}

/** Adds --config. */
export function addConfigOption(command: Command): Command {
  return command.option('--config <file>', 'configuration (default: conf/pstrace.toml)');
}

/** Adds whom to send a test alert to. */
export function addRecipientOption(command: Command): Command {
  return command.option(
    '--recipient <name>',
    'only this one: name of a [[recipient]], or mail address (repeatable)',
    appendValue,
  );
}

/** Adds what a silence is about, until when, and why. */
export function addSilenceOptions(command: Command): Command {
  return command
    .option(
      '--test <pattern>',
      'tests: host, address or id with *, or "a > b" (repeatable)',
      appendValue,
    )
    .option('--group <name>', 'tests of a [[group]] of the configuration (repeatable)', appendValue)
    .option(
      '--element <name>',
      'what it has to do with: router, address, prefix, host, or AS as in AS64500 (repeatable)',
      appendValue,
    )
    .addOption(new Option('--class <name...>', 'classes of changes').choices(changeClasses))
    .addOption(
      new Option('--for <time>', 'how long: 90m, 8h, 2d')
        .argParser(parseDurationOption)
        .conflicts('until'),
    )
    .addOption(
      new Option('--until <time>', 'up to when: ISO 8601 or epoch seconds').argParser(
        parseTimeOption,
      ),
    )
    .requiredOption('--reason <text>', 'what the pages say');
}
