import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleScripts } from './bundleScripts.ts';
import type { Page } from './page.ts';
import { templateFolder } from './templates.ts';

/** A style sheet, script or icon of the site. */
interface Asset extends Page {
  readonly body: Buffer;
}

/**
 * Scripts that were compiled with the program; the folder exists only beside a compiled program.
 */
const builtScripts = join(import.meta.dirname, 'scripts');

/** The style sheets, scripts and icons of the site, as `assets/<name>`. */
export async function assetPages(): Promise<Asset[]> {
  const files = readAssets(join(templateFolder, 'assets'));
  if (existsSync(builtScripts)) return [...files, ...readAssets(builtScripts)];
  const scripts = await bundleScripts();
  return [...files, ...[...scripts].map(([name, code]) => asset(name, Buffer.from(code)))];
}

function readAssets(folder: string): Asset[] {
  return readdirSync(folder)
    .sort()
    .map((name) => asset(name, readFileSync(join(folder, name))));
}

function asset(name: string, body: Buffer): Asset {
  return { path: `assets/${name}`, body };
}
