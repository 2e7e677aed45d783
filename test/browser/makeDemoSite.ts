import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { pstraceAt } from '../helpers/pstraceAt.ts';

/** What the demo left and printed. `madeAt` is in epoch seconds. */
interface DemoSite {
  /** Folder of the pages. */
  readonly folder: string;
  readonly state: string;
  readonly madeAt: number;
  readonly stdout: string;
  readonly stderr: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly demoSite: DemoSite;
  }
}

/** 2026-03-01 12:00:00 UTC, so that the demo is the same in every test run. */
const madeAt = 1772366400;
const place = mkdtempSync(join(tmpdir(), 'pstrace-demo-'));

/** Makes the demo's site like `npm run demo`, for all test files that use it. */
export async function setup({ provide }: TestProject): Promise<void> {
  const [folder, state] = [join(place, 'html'), join(place, 'var')];
  const args = ['demo', '--out', folder, '--state', state];
  const { code, stdout, stderr } = await pstraceAt(madeAt, args);
  if (code !== 0) {
    teardown();
    throw new Error(`the demo ended with ${code}: ${stderr}`);
  }
  provide('demoSite', { folder, state, madeAt, stdout, stderr });
}

/** Removes it. */
export function teardown(): void {
  rmSync(place, { recursive: true, force: true });
}
