import { type Command, Option } from 'commander';
import { type ChangeClass, changeClasses } from '../model/change.ts';
import { type DatabaseOptions, duration, gather, type LogOptions, moment } from './options.ts';

/** Options of commands that read nothing but the configuration. */
export interface ConfigOptions extends LogOptions {
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
export function ageOption(command: Command): Command {
  return command.option(
    '--max-age <time>',
    'UNKNOWN when the last run ended longer ago (default: 2h)',
    duration,
  );
}

/** Adds --config. */
export function configOption(command: Command): Command {
  return command.option('--config <file>', 'configuration (default: conf/pstrace.toml)');
}

/** Adds whom to send a test alert to. */
export function recipientOption(command: Command): Command {
  return command.option(
    '--recipient <name>',
    'only this one: name of a [[recipient]], or mail address (repeatable)',
    gather,
  );
}

/** Adds what a silence is about, until when, and why. */
export function silencingOptions(command: Command): Command {
  return command
    .option(
      '--test <pattern>',
      'tests: host, address or id with *, or "a > b" (repeatable)',
      gather,
    )
    .option('--group <name>', 'tests of a [[group]] of the configuration (repeatable)', gather)
    .option(
      '--element <name>',
      'what it has to do with: router, address, prefix, host, or AS as in AS64500 (repeatable)',
      gather,
    )
    .addOption(new Option('--class <name...>', 'classes of changes').choices(changeClasses))
    .addOption(
      new Option('--for <time>', 'how long: 90m, 8h, 2d').argParser(duration).conflicts('until'),
    )
    .addOption(
      new Option('--until <time>', 'up to when: ISO 8601 or epoch seconds').argParser(moment),
    )
    .requiredOption('--reason <text>', 'what the pages say');
}
