import type { AddCommand } from '../command.ts';
import { addCommonOptions, addDatabaseOptions, type DatabaseOptions } from '../options.ts';
import { loadSiteConfig } from '../siteConfig.ts';
import { parseSeconds } from '../values.ts';

/** `maxAge` in seconds. */
interface CheckOptions extends DatabaseOptions {
  readonly maxAge?: number;
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
    .addHelpText('after', `\n${checkHelp}`)
    .action((source: string | undefined, destination: string | undefined) =>
      invoke(command, async (session, options: CheckOptions) => {
        const pattern = destination === undefined ? (source ?? null) : `${source} > ${destination}`;
        const { checkTests } = await import('../../pipeline/operator/checkTests.ts');
        return checkTests(pattern, options.maxAge, () => loadSiteConfig(options, session), session);
      }),
    );
  addCommonOptions(addDatabaseOptions(command));
};

const checkHelp = `The result covers tests as of the last run, with current incidents and silences:
  0  OK        all tests are ok
  1  WARNING   an incident below major, or a changed, degraded, flapping, stale, failed or
               untested test
  2  CRITICAL  a critical or major incident, or an unreached test
  3  UNKNOWN   no recent run, no such test, no results at all, or an error of pstrace`;
