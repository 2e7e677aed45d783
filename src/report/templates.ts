import { fileURLToPath } from 'node:url';
import nunjucks from 'nunjucks';

/** Folder of the templates and, in `assets/`, of the site's style sheets and scripts. */
export const templateFolder = fileURLToPath(new URL('../../templates/', import.meta.url));

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

const compiled = new Map<PageTemplate, nunjucks.Template>();

function compile(template: PageTemplate): nunjucks.Template {
  const page = environment.getTemplate(`${template}.njk`, true);
  compiled.set(template, page);
  return page;
}

/**
 * HTML of one page. A template is compiled once per process; everything it prints is escaped, and printing
 * something undefined or null throws.
 */
export function render(template: PageTemplate, view: object): string {
  return (compiled.get(template) ?? compile(template)).render(view);
}
