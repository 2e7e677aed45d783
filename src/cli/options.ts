import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ArchiveDialect } from '../demo/archive/response.ts';
import { parseDuration } from '../lib/duration.ts';
import { parseTimestamp } from '../lib/timestamp.ts';
import type { Family } from '../model/test.ts';
import type { ProbeProtocol } from '../sources/mtr/localTest.ts';

/** What every command says, and how; absent when not given. */
export interface CommonOptions {
  /** How often -v was given. */
  readonly verbose?: number;
  readonly quiet?: boolean;
  readonly jsonLog?: boolean;
}

/** Options of every command that works on a site. */
export interface SiteCommandOptions extends CommonOptions {
  readonly out?: string;
  readonly state?: string;
  readonly config?: string;
}

/** Options of the commands that care for the database. */
export type DatabaseOptions = Omit<SiteCommandOptions, 'out'>;

/** Options of `mtr`; `limit` in seconds. */
export interface MtrCommandOptions extends DatabaseOptions {
  readonly parallel?: number;
  readonly limit?: number;
}

/** Options of `monitor`; `limit` in seconds, for one run of mtr. */
export interface MonitorOptions extends MtrCommandOptions {
  /** `true`: as each target says. */
  readonly stdout?: 'json' | 'text' | true;
  readonly all?: boolean;
}

/** Options of `import`: `time` in epoch seconds, `spacing` in seconds. */
export interface ImportCommandOptions extends DatabaseOptions {
  readonly source?: string;
  readonly destination?: string;
  readonly time?: number;
  readonly spacing?: number;
  readonly family?: Family;
  readonly protocol?: ProbeProtocol;
  readonly port?: number;
}

/** Options of `render`; `until` in epoch seconds. */
export interface RenderOptions extends SiteCommandOptions {
  readonly until?: number;
}

/** Options of a run. `ca` holds `FILE` or `ARCHIVE=FILE`, `fingerprint` likewise digits; `timeout` is in seconds. */
export interface RunOptions extends RenderOptions {
  readonly insecure?: boolean;
  readonly ca?: readonly string[];
  readonly fingerprint?: readonly string[];
  readonly concurrency?: number;
  readonly timeout?: number;
  readonly mtrOnly?: boolean;
  readonly dryRun?: boolean;
}

/** Options of `demo-archive`. */
export interface DemoArchiveCommandOptions extends CommonOptions {
  readonly port: number;
  readonly dialect: ArchiveDialect;
}

/** Adds --out and --state; `by` words what they are by default. */
export function addSiteOptions(
  command: Command,
  describeDefault: (fallback: string) => string,
): Command {
  return command
    .option('--out <folder>', `where the pages go ${describeDefault('html')}`)
    .option('--state <folder>', `where the database lives ${describeDefault('var')}`);
}

/** Adds what tells where the database lives. */
export function addDatabaseOptions(command: Command): Command {
  return command
    .option('--state <folder>', `where the database lives ${describeConfigDefault('var')}`)
    .option('--config <file>', 'configuration (default: conf/pstrace.toml)');
}

/** Adds --config, and the options of every command that reads the configuration and may look at the past. */
export function addRenderOptions(command: Command): Command {
  addSiteOptions(command, describeConfigDefault)
    .option('--config <file>', 'configuration (default: conf/pstrace.toml)')
    .addOption(
      new Option(
        '--until <time>',
        'look as of this past moment: ISO 8601 or epoch seconds',
      ).argParser(parseTimeOption),
    );
  return command;
}

/** Adds what tells a run how to ask the archives. */
export function addRunOptions(command: Command): Command {
  return command
    .option('--insecure', 'accept any certificate of any archive; for one: the configuration')
    .option(
      '--ca <file>',
      'certificates to trust, PEM; ARCHIVE=FILE for one archive (repeatable)',
      appendValue,
    )
    .option(
      '--fingerprint <digits>',
      'accept only the certificate with this SHA-256 fingerprint; ARCHIVE=DIGITS for one of several (repeatable)',
      appendValue,
    )
    .option(
      '--concurrency <n>',
      `requests at a time for each archive ${describeConfigDefault('4')}`,
      parseConcurrency,
    )
    .option(
      '--timeout <time>',
      `how long to wait for an answer ${describeConfigDefault('60s')}`,
      parseDurationOption,
    )
    .option('--mtr-only', 'ask no archive: the site of what mtr and import have brought')
    .option('--dry-run', 'print the alerts that would be sent; send and keep nothing');
}

/** Adds what `mtr` does otherwise than the configuration says. */
export function addMeasurementOptions(command: Command): Command {
  return command
    .option(
      '--parallel <n>',
      `targets measured at the same time ${describeConfigDefault('20')}`,
      parseParallel,
    )
    .option(
      '--limit <time>',
      `how long mtr may take for a target ${describeConfigDefault('what its packets need')}`,
      parseDurationOption,
    );
}

/** Adds what `monitor` prints. */
export function addPrintOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--stdout [form]',
        'print each result as it comes; without a form as json=1 of a target says, else text',
      ).choices(['json', 'text']),
    )
    .option('--all', 'print a path also when it has not changed');
}

/** Adds what the user may tell of the runs that are taken in. */
export function addImportOptions(command: Command): Command {
  const protocols: readonly ProbeProtocol[] = ['icmp', 'udp', 'tcp'];
  return command
    .option('--source <host>', 'the host that measured')
    .option('--destination <host>', 'the host that was measured')
    .addOption(
      new Option('--time <time>', 'when the first run was: ISO 8601 or epoch seconds').argParser(
        parseTimeOption,
      ),
    )
    .option(
      '--spacing <time>',
      'from one run to the next, where they tell no time',
      parseDurationOption,
    )
    .addOption(new Option('--family <4|6>', 'where no address tells it').argParser(parseFamily))
    .addOption(new Option('--protocol <name>', 'what was sent').choices(protocols))
    .option('--port <port>', 'to which port', parseTargetPort);
}

/** Adds how the command speaks, and --help. */
export function addCommonOptions(command: Command): Command {
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
export function addDemoArchiveOptions(command: Command): Command {
  const dialects: readonly ArchiveDialect[] = ['elmond', 'esmond'];
  return command
    .option('--port <port>', 'port to listen on; 0 takes a free one', parsePort, 8090)
    .addOption(
      new Option('--dialect <name>', 'archive to play').choices(dialects).default(dialects[0]),
    );
}

/** A period or time-out on the command line, in seconds. */
export function parseDurationOption(text: string): number {
  const seconds = Math.round(parseDuration(text) ?? 0) || null;
  return requireValid(seconds, 'Expected seconds, or 90s, 30m, 24h, 7d.');
}

const describeConfigDefault = (fallback: string) =>
  `(default: from the configuration, else ${fallback})`;

/** A moment on the command line, in epoch seconds. */
export function parseTimeOption(text: string): number {
  return requireValid(
    parseTimestamp(text),
    'Expected ISO 8601, such as 2026-03-01T12:00Z, or epoch seconds.',
  );
}

function parseConcurrency(text: string): number {
  return requireValid(parseWholeNumber(text, 1, 64), 'Expected a whole number from 1 to 64.');
}

function parseParallel(text: string): number {
  return requireValid(parseWholeNumber(text, 1, 1000), 'Expected a whole number from 1 to 1000.');
}

function parseFamily(text: string): Family {
  return requireValid(text === '4' ? 4 : text === '6' ? 6 : null, 'Expected 4 or 6.');
}

function parseTargetPort(text: string): number {
  return requireValid(
    parseWholeNumber(text, 1, 65_535),
    'Expected a whole number from 1 to 65535.',
  );
}

function parsePort(text: string): number {
  return requireValid(
    parseWholeNumber(text, 0, 65_535),
    'Expected a whole number from 0 to 65535.',
  );
}

function parseWholeNumber(text: string, low: number, high: number): number | null {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return number >= low && number <= high ? number : null;
}

function requireValid<Value>(value: Value | null, expected: string): Value {
  if (value === null) throw new InvalidArgumentError(expected);
  return value;
}

/** Collects the values of an option that may be repeated. */
export function appendValue(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
