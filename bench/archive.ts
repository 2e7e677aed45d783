import { spawn } from 'node:child_process';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './measured.ts';

/** A benchmark archive in its own process. */
export interface BenchArchive {
  readonly url: string;
  /** The paths requested since the last call. */
  takePaths(): string[];
  stop(): void;
}

/** Starts `server.ts`, which writes the requested paths into the file `log`. */
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
