import { startDemoArchive } from '../demo/archive/server.ts';
import { systemCode } from '../lib/files.ts';
import { demoSeed } from './demo.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';
import type { DemoArchiveCommandOptions } from './options.ts';
import { usageError } from './refusal.ts';
import type { Session } from './session.ts';

/** Serves the simulated archive until SIGINT or SIGTERM; new results appear as time goes on. */
export async function serveDemoArchive(
  { port, dialect }: DemoArchiveCommandOptions,
  { now, clock, signal, print }: Session,
): Promise<ExitCode> {
  const server = await startDemoArchive({ port, now, seed: demoSeed, dialect, clock }).catch(
    portErrorHandler(port),
  );
  print(`Serving ${server.url} until Ctrl-C. Try: pstrace ${server.url} 24h`);
  const stopped = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => stopped.resolve(), { once: true });
  await stopped.promise;
  await server.close();
  return exitCodes.ok;
}

function portErrorHandler(port: number): (error: unknown) => never {
  return (error) => {
    const code = systemCode(error);
    if (code === null) throw error;
    throw usageError(
      `Port ${port} cannot be used (${code}).`,
      'Give another one by --port, or 0 for a free one.',
    );
  };
}
