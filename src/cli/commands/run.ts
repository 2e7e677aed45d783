import { type AddCommand, commandNames } from '../command.ts';
import { examples, exitCodeHelp, windowHelp } from '../helpText.ts';
import { parseOperands, withPsTraceOptions } from '../operands.ts';
import {
  addCommonOptions,
  addSiteConfigOptions,
  collectValues,
  configuredDefault,
  type RenderOptions,
} from '../options.ts';
import { loadSiteConfig } from '../siteConfig.ts';
import { resolveUntil } from '../untilOption.ts';
import { parseConcurrency, parseSeconds, parseTimeout } from '../values.ts';

/**
 * Options of a run: `ca` in the form `FILE` or `ARCHIVE=FILE`, `fingerprint` in the form `DIGITS`
 * or `ARCHIVE=DIGITS`, `timeout` in seconds.
 */
interface RunOptions extends RenderOptions {
  readonly insecure?: boolean;
  readonly ca?: readonly string[];
  readonly fingerprint?: readonly string[];
  readonly concurrency?: number;
  readonly timeout?: number;
  readonly again?: boolean;
  readonly mtrOnly?: boolean;
  readonly dryRun?: boolean;
  /** Archives and seconds as psTrace takes them. */
  readonly u?: readonly string[];
  readonly t?: number;
}

export const addRun: AddCommand = (program, invoke) => {
  program
    .description('Watches the routes of a perfSONAR mesh: reads archives, writes a static site.')
    .usage('[options] <archive...> [window]')
    .argument('[archive...]', 'host, host:port or base URL; default: those of the configuration')
    .addHelpText('after', `\n${windowHelp}\n\n${examples}\n\n${exitCodeHelp}`)
    .action((operands: string[]) =>
      invoke(program, async (session, options: RunOptions) => {
        const { archives, windowSeconds } = parseOperands(
          withPsTraceOptions(operands, options),
          commandNames(program),
        );
        const until = resolveUntil(options, session.now);
        const config = await loadSiteConfig(options, session);
        const [{ createRunJob }, { rejectUnknownWords }, { run }, { dryRun }] = await Promise.all([
          import('../../pipeline/job.ts'),
          import('../../pipeline/rejectUnknownWords.ts'),
          import('../../pipeline/run.ts'),
          import('../../pipeline/dryRun.ts'),
        ]);
        const { again = false, mtrOnly = false, ...overrides } = options;
        const request = { archives, windowSeconds, until, again, mtrOnly, overrides };
        const job = createRunJob(request, config, session);
        await rejectUnknownWords(archives, config, session);
        return options.dryRun ? dryRun(job, session) : run(job, session);
      }),
    );
  addSiteConfigOptions(program)
    .option('--insecure', 'accept any certificate of every archive (see the configuration for one)')
    .option(
      '--ca <file>',
      'trust the certificates in this PEM file; ARCHIVE=FILE for one archive (repeatable)',
      collectValues,
    )
    .option(
      '--fingerprint <digits>',
      'accept only the certificate with this SHA-256 fingerprint; ARCHIVE=DIGITS for one of several (repeatable)',
      collectValues,
    )
    .option(
      '--concurrency <n>',
      `simultaneous requests per archive ${configuredDefault('4')}`,
      parseConcurrency,
    )
    .option(
      '--timeout <time>',
      `how long to wait for a response ${configuredDefault('60s')}`,
      parseTimeout,
    )
    .option('--again', 'request the whole window again, also results that earlier runs have read')
    .option('--mtr-only', 'read no archive: write the site of the local mtr and imported results')
    .option('-u <archive...>', 'the archives, as psTrace names them')
    .option('-t <window>', 'the window, as psTrace names it', parseSeconds)
    .option('--dry-run', 'print the notifications that a run would send; send and store nothing');
  addCommonOptions(program);
};
