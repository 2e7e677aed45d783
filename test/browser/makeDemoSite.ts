import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { pstraceAt } from '../helpers/pstraceAt.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the demo's site, and when it was made (epoch seconds). */
    readonly demoSite: { readonly folder: string; readonly madeAt: number };
  }
}

/** 2026-03-01 12:00:00 UTC, so that the demo is the same in every test run. */
const madeAt = 1772366400;
const place = mkdtempSync(join(tmpdir(), 'pstrace-demo-'));

/** Makes the demo's site like `npm run demo`, for all test files that use it. */
export async function setup({ provide }: TestProject): Promise<void> {
  const folder = join(place, 'html');
  const { code, stderr } = await pstraceAt(madeAt, [
    ...['demo', '--out', folder, '--state', join(place, 'var')],
  ]);
  if (code !== 0) {
    teardown();
    throw new Error(`the demo ended with ${code}: ${stderr}`);
  }
  provide('demoSite', { folder, madeAt });
}

/** Removes it. */
export function teardown(): void {
  rmSync(place, { recursive: true, force: true });
}
