import { spawn } from 'node:child_process';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './measured.ts';

/** The archive to measure against, a process of its own. */
export interface BenchArchive {
  readonly url: string;
  /** The request paths that it saw since the last call. */
  takePaths(): string[];
  stop(): void;
}

/** Starts `server.ts` with these options; it notes what it is asked in the file `log`. */
export async function startArchive(options: readonly string[], log: string): Promise<BenchArchive> {
  writeFileSync(log, '');
  const child = spawn(process.execPath, [join(root, 'bench/server.ts'), ...options, '--log', log], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()));
    child.once('exit', () => reject(new Error('the benchmark server did not start')));
  });
  return {
    url,
    takePaths() {
      const paths = readFileSync(log, 'utf8').split('\n').filter(Boolean);
      truncateSync(log);
      return paths;
    },
    stop: () => child.stdin.end(),
  };
}
