import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../config/units.ts';
import type { Dialect } from '../demo/archive/answer.ts';
import { parseMoment } from './moment.ts';

/** What every command says, and how; absent when not given. */
export interface LogOptions {
  /** How often -v was given. */
  readonly verbose?: number;
  readonly quiet?: boolean;
  readonly jsonLog?: boolean;
}

/** Options of every command that works on a site. */
export interface SiteOptions extends LogOptions {
  readonly out?: string;
  readonly state?: string;
  readonly config?: string;
}

/** Options of `render`; `until` in epoch seconds. */
export interface RenderOptions extends SiteOptions {
  readonly until?: number;
}

/** Options of a run. `ca` holds `FILE` or `ARCHIVE=FILE`; `timeout` is in seconds. */
export interface RunOptions extends RenderOptions {
  readonly insecure?: boolean;
  readonly ca?: readonly string[];
  readonly concurrency?: number;
  readonly timeout?: number;
}

/** Options of `demo-archive`. */
export interface DemoArchiveOptions extends LogOptions {
  readonly port: number;
  readonly dialect: Dialect;
}

/** Adds --out and --state; `by` words what they are by default. */
export function siteOptions(command: Command, by: (standard: string) => string): Command {
  return command
    .option('--out <folder>', `where the pages go ${by('html')}`)
    .option('--state <folder>', `where the database lives ${by('var')}`);
}

/** Adds --config, and the options of every command that reads the configuration and may look at the past. */
export function configuredOptions(command: Command): Command {
  siteOptions(command, configured)
    .option('--config <file>', 'configuration (default: conf/pstrace.toml)')
    .addOption(
      new Option(
        '--until <time>',
        'look as of this past moment: ISO 8601 or epoch seconds',
      ).argParser(moment),
    );
  return command;
}

/** Adds what tells a run how to ask the archives. */
export function askingOptions(command: Command): Command {
  return command
    .option('--insecure', 'accept any certificate of any archive; for one: the configuration')
    .option(
      '--ca <file>',
      'certificates to trust, PEM; ARCHIVE=FILE for one archive (repeatable)',
      gather,
    )
    .option(
      '--concurrency <n>',
      `requests at a time for each archive ${configured('4')}`,
      concurrency,
    )
    .option('--timeout <time>', `how long to wait for an answer ${configured('60s')}`, duration);
}

/** Adds how the command speaks, and --help. */
export function logOptions(command: Command): Command {
  return command
    .option(
      '-v, --verbose',
      'say what is done; twice: every request too',
      (_, times: number) => times + 1,
      0,
    )
    .addOption(new Option('--quiet', 'say only errors').conflicts('verbose'))
    .option('--json-log', 'write messages as one JSON object a line')
    .helpOption('-h, --help', 'print this help');
}

/** Adds what and where the demo archive plays. */
export function playingOptions(command: Command): Command {
  const dialects: readonly Dialect[] = ['elmond', 'esmond'];
  return command
    .option('--port <port>', 'port to listen on; 0 takes a free one', port, 8090)
    .addOption(
      new Option('--dialect <name>', 'archive to play').choices(dialects).default(dialects[0]),
    );
}

/** A period or time-out on the command line, in seconds. */
export function duration(text: string): number {
  const seconds = Math.round(parseDuration(text) ?? 0) || null;
  return valid(seconds, 'Expected seconds, or 90s, 30m, 24h, 7d.');
}

const configured = (standard: string) => `(default: from the configuration, else ${standard})`;

function moment(text: string): number {
  return valid(
    parseMoment(text),
    'Expected ISO 8601, such as 2026-03-01T12:00Z, or epoch seconds.',
  );
}

function concurrency(text: string): number {
  return valid(wholeNumber(text, 1, 64), 'Expected a whole number from 1 to 64.');
}

function port(text: string): number {
  return valid(wholeNumber(text, 0, 65_535), 'Expected a whole number from 0 to 65535.');
}

function wholeNumber(text: string, low: number, high: number): number | null {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return number >= low && number <= high ? number : null;
}

function valid<Value>(value: Value | null, expected: string): Value {
  if (value === null) throw new InvalidArgumentError(expected);
  return value;
}

function gather(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
