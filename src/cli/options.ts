import { type Command, Option } from 'commander';
import { parseParallel, parseTime, parseTimeout } from './values.ts';

/** Options of every command: the amount and form of its messages. */
export interface CommonOptions {
  /** How often -v was given. */
  readonly verbose?: number;
  readonly quiet?: boolean;
  readonly jsonLog?: boolean;
}

/** Options of commands that read only the configuration. */
export interface ConfigOptions extends CommonOptions {
  readonly config?: string;
}

/** Options of commands that work with the database. */
export interface DatabaseOptions extends ConfigOptions {
  readonly state?: string;
}

/** Options of commands that write a site. */
export interface SiteCommandOptions extends DatabaseOptions {
  readonly out?: string;
}

/** Options of commands that can write the site of a past moment; `until` in epoch seconds. */
export interface RenderOptions extends SiteCommandOptions {
  readonly until?: number;
}

/** Options of commands that measure; `limit` in seconds. */
export interface MeasureCommandOptions extends DatabaseOptions {
  readonly parallel?: number;
  readonly limit?: number;
}

/** The help text for a default that the configuration may replace. */
export const configuredDefault = (standard: string) =>
  `(default: from the configuration, else ${standard})`;

/** Adds --verbose, --quiet, --json-log and --help. */
export function addCommonOptions(command: Command): Command {
  return command
    .option(
      '-v, --verbose',
      'log each step; given twice: each request too',
      (_, times: number) => times + 1,
      0,
    )
    .addOption(new Option('--quiet', 'print errors only').conflicts('verbose'))
    .option('--json-log', 'write log messages as one JSON object per line')
    .helpOption('-h, --help', 'print this help');
}

/** Adds --config. */
export function addConfigOption(command: Command): Command {
  return command.option('--config <file>', 'configuration (default: conf/pstrace.toml)');
}

/** Adds --state and --config. */
export function addDatabaseOptions(command: Command): Command {
  return addConfigOption(
    command.option('--state <folder>', `folder of the database ${configuredDefault('var')}`),
  );
}

/** Adds --out and --state; `defaultText` gives the help text of their defaults. */
export function addSiteOptions(
  command: Command,
  defaultText: (standard: string) => string,
): Command {
  return command
    .option('--out <folder>', `folder of the pages ${defaultText('html')}`)
    .option('--state <folder>', `folder of the database ${defaultText('var')}`);
}

/** Adds --out, --state, --config and --until. */
export function addSiteConfigOptions(command: Command): Command {
  return addConfigOption(addSiteOptions(command, configuredDefault)).addOption(
    new Option(
      '--until <time>',
      'end the window at this past moment: ISO 8601 or epoch seconds',
    ).argParser(parseTime),
  );
}

/** Adds --parallel and --limit. */
export function addMeasureOptions(command: Command): Command {
  return command
    .option(
      '--parallel <n>',
      `targets measured at the same time ${configuredDefault('20')}`,
      parseParallel,
    )
    .option(
      '--limit <time>',
      `how long mtr may take per target ${configuredDefault('the time its packets need')}`,
      parseTimeout,
    );
}

/** Collects the values of an option that may be repeated. */
export function collectValues(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
