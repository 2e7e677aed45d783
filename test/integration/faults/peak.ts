import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '../../helpers/tempDir.ts';
import type { Ended } from '../cli/command.ts';
import { noon } from './mesh.ts';
import { runAt } from './pstraceAt.ts';

/** Limit of the resident memory of any run, MB. */
export const mostMb = 600;

/** Runs pstrace at noon; returns its exit and its peak memory, MB. */
export async function measured(args: readonly string[]): Promise<{ ended: Ended; peakMb: number }> {
  const file = join(tempDir(), 'peak');
  const code = `import{writeFileSync}from'node:fs';Date.now=()=>${noon * 1000};process.on('exit',()=>writeFileSync('${file}',String(process.resourceUsage().maxRSS)))`;
  // Like bin/pstrace.
  const NODE_OPTIONS = `--max-semi-space-size=8 --import=data:text/javascript,${code}`;
  const ended = await runAt(noon, args, { env: { NODE_OPTIONS } });
  return { ended, peakMb: Number(readFileSync(file, 'utf8')) / 1024 };
}
