import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from './page.ts';
import { templateFolder } from './templates.ts';

/** The style sheets, scripts and icons of the site, as `assets/<name>`. */
export function assetPages(): Page[] {
  const folder = join(templateFolder, 'assets');
  return readdirSync(folder)
    .sort()
    .map((name) => ({ path: `assets/${name}`, body: readFileSync(join(folder, name)) }));
}
