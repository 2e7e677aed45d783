import { type Command, CommanderError, InvalidArgumentError } from 'commander';
import { version } from '../../lib/version.ts';
import { parseThreshold, type Threshold } from '../../model/alerting/threshold.ts';
import {
  type ChangeClass,
  changeClasses,
  type Severity,
  severities,
} from '../../model/change/change.ts';
import type { AddCommand } from '../command.ts';
import { addCommonOptions, addDatabaseOptions, type DatabaseOptions } from '../options.ts';
import { limitedVariable, runWithin, unknownCode } from '../pluginTimeout.ts';
import { loadSiteConfig } from '../siteConfig.ts';
import { parseSeconds } from '../values.ts';

/** `maxAge` and `timeout` in seconds. */
interface CheckOptions extends DatabaseOptions {
  readonly maxAge?: number;
  readonly timeout?: number;
  readonly warning?: Threshold;
  readonly critical?: Threshold;
  readonly class?: readonly ChangeClass[];
  readonly severity?: Severity;
}

export const addCheck: AddCommand = (program, invoke) => {
  const command = program
    .command('check')
    .description('print the state of the tests as a Nagios or Icinga plugin: 0, 1, 2 or 3')
    .argument('[source]', 'host, address or test id with *; default: all tests')
    .argument('[destination]', 'only tests from that source to this host')
    .option(
      '--max-age <time>',
      'return UNKNOWN if the last run ended longer ago (default: 2h)',
      parseSeconds,
    )
    .option('-w, --warning <range>', 'WARNING if the number of problems is outside', thresholdOf)
    .option('-c, --critical <range>', 'CRITICAL if the number of problems is outside', thresholdOf)
    .option('--class <classes>', 'count only incidents of these classes of changes', classesOf)
    .option('--severity <severity>', 'count only incidents of at least this severity', severityOf)
    .option('-t, --timeout <seconds>', 'return UNKNOWN if the result takes longer', parseSeconds)
    .version(`pstrace ${version}`, '-V, --version', 'print the version')
    .addHelpText('after', `\n${checkHelp}`)
    .action((source: string | undefined, destination: string | undefined) =>
      invoke(command, async (session, options: CheckOptions) => {
        if (options.timeout !== undefined && session.env[limitedVariable] === undefined) {
          return runWithin(options.timeout, session);
        }
        const pattern = destination === undefined ? (source ?? null) : `${source} > ${destination}`;
        const { checkTests } = await import('../../pipeline/operator/checkTests.ts');
        return checkTests(
          pattern,
          requestOf(options),
          () => loadSiteConfig(options, session),
          session,
        );
      }),
    );
  addCommonOptions(addDatabaseOptions(command));
  answerAsPlugin(command);
};

function requestOf(options: CheckOptions) {
  const { maxAge, warning, critical, severity } = options;
  const filter = {
    classes: options.class ?? [],
    severity: severity ?? null,
    warning: warning ?? null,
    critical: critical ?? null,
  };
  return { maxAgeSeconds: maxAge, filter };
}

/** Wrong usage is UNKNOWN on standard output, which is all that a monitoring system shows. */
function answerAsPlugin(command: Command): void {
  command
    .configureOutput({
      ...command.configureOutput(),
      outputError: (text) => {
        const line = text
          .replace(/^error: /, '')
          .replaceAll(/[|\n]+/g, ' ')
          .trim();
        command.configureOutput().writeOut?.(`PSTRACE UNKNOWN - ${line}\n`);
      },
    })
    .showHelpAfterError(false)
    .exitOverride((error) => {
      if (error.exitCode === 0) throw error;
      throw new CommanderError(unknownCode, error.code, error.message);
    });
}

function thresholdOf(text: string): Threshold {
  const threshold = parseThreshold(text);
  if (threshold === null) {
    throw new InvalidArgumentError('A range is 10, 10:, ~:10, 10:20 or @10:20.');
  }
  return threshold;
}

function classesOf(text: string, before: readonly ChangeClass[] = []): readonly ChangeClass[] {
  const words = text.split(',').map((word) => word.trim());
  const known = words.map((word) => changeClasses.find((each) => each === word));
  if (known.includes(undefined)) {
    throw new InvalidArgumentError(`The classes are ${changeClasses.join(', ')}.`);
  }
  return [...before, ...known.filter((each) => each !== undefined)];
}

function severityOf(text: string): Severity {
  const severity = severities.find((each) => each === text);
  if (severity === undefined) {
    throw new InvalidArgumentError(`The severities are ${severities.join(', ')}.`);
  }
  return severity;
}

const checkHelp = `The result covers tests as of the last run, with current incidents and silences:
  0  OK        all tests are ok
  1  WARNING   an incident below major, or a changed, degraded, flapping, stale, failed or
               untested test
  2  CRITICAL  a critical or major incident, or an unreached test
  3  UNKNOWN   no recent run, no such test, no results at all, wrong usage, or an error of pstrace

With -w or -c, the number of these problems decides between OK, WARNING and CRITICAL. A range is
written as in the Monitoring Plugins guidelines: -w 0 -c 5 warns of one problem and more, and is
critical above five.`;
