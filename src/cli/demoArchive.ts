import { startDemoArchive } from '../demo/archive/server.ts';
import { systemCode } from '../lib/files.ts';
import { seed } from './demo.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';
import type { DemoArchiveOptions } from './options.ts';
import { usage } from './refusal.ts';
import type { Session } from './session.ts';

/** Serves the simulated archive until SIGINT or SIGTERM; new results appear as time goes on. */
export async function demoArchive(
  { port, dialect }: DemoArchiveOptions,
  { now, clock, signal, say }: Session,
): Promise<ExitCode> {
  const served = await startDemoArchive({ port, now, seed, dialect, clock }).catch(taken(port));
  say(`Serving ${served.url} until Ctrl-C. Try: pstrace ${served.url} 24h`);
  const stopped = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => stopped.resolve(), { once: true });
  await stopped.promise;
  await served.close();
  return exitCodes.good;
}

function taken(port: number): (error: unknown) => never {
  return (error) => {
    const code = systemCode(error);
    if (code === null) throw error;
    throw usage(
      `Port ${port} cannot be used (${code}).`,
      'Give another one by --port, or 0 for a free one.',
    );
  };
}
