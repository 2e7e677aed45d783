import { type ExitCode, exitCodes } from '../lib/exitCodes.ts';
import { systemCode } from '../lib/files.ts';
import { usageError } from '../lib/usageError.ts';
import type { Session } from '../pipeline/session.ts';
import { startDemoArchive } from './archive/server.ts';
import { demoSeed } from './demo.ts';

/** Serves the simulated archive until SIGINT or SIGTERM; new results appear as time goes on. */
export async function serveDemoArchive(
  { port, dialect }: Pick<Parameters<typeof startDemoArchive>[0], 'port' | 'dialect'>,
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
      'Choose another one with --port; 0 picks a free one.',
    );
  };
}
