import { Option } from 'commander';
import type { ArchiveDialect } from '../../demo/archive/response.ts';
import type { AddCommand } from '../command.ts';
import { addCommonOptions, type CommonOptions } from '../options.ts';
import { parseListenPort } from '../values.ts';

interface DemoArchiveOptions extends CommonOptions {
  readonly port: number;
  readonly dialect: ArchiveDialect;
}

const dialects: readonly ArchiveDialect[] = ['elmond', 'esmond'];

export const addDemoArchive: AddCommand = (program, invoke) => {
  const command = program
    .command('demo-archive')
    .description('serve the simulated archive on this host until stopped')
    .option('--port <port>', 'port to listen on; 0 chooses a free one', parseListenPort, 8090)
    .addOption(
      new Option('--dialect <name>', 'archive to simulate').choices(dialects).default(dialects[0]),
    )
    .action(() =>
      invoke(command, async (session, options: DemoArchiveOptions) => {
        const { serveDemoArchive } = await import('../../demo/serveArchive.ts');
        return serveDemoArchive(options, session);
      }),
    );
  addCommonOptions(command);
};
