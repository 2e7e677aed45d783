import { join } from 'node:path';
import nunjucks from 'nunjucks';
import { packageRoot } from '../lib/packageRoot.ts';
import type { Markup } from './html.ts';

/** Folder of the templates and, in `assets/`, of the site's style sheets and scripts. */
export const templateFolder = join(packageRoot, 'templates');

export type PageTemplate =
  | 'matrix'
  | 'test'
  | 'history'
  | 'changes'
  | 'compare'
  | 'compare-tests'
  | 'topology'
  | 'strips'
  | 'hotspots'
  | 'status';

const environment = new nunjucks.Environment(new nunjucks.FileSystemLoader(templateFolder), {
  autoescape: true,
  throwOnUndefined: true,
  trimBlocks: true,
  lstripBlocks: true,
});

/** A partial that is drawn by itself, since several pages print the same of it. */
type PartialTemplate = 'test-head';

/**
 * HTML of one page. A template is compiled once per process; everything it prints is escaped, and printing
 * something undefined or null throws.
 */
export function render(template: PageTemplate, view: object): string {
  return renderTemplate(template, view);
}

/** HTML of a partial for the pages to print. */
export function renderPartial(partial: PartialTemplate, view: object): Markup {
  return new nunjucks.runtime.SafeString(renderTemplate(`partials/${partial}`, view));
}

/** The environment keeps what it compiled. */
function renderTemplate(name: string, view: object): string {
  return environment.getTemplate(`${name}.njk`, true).render(view);
}
