import { join } from 'node:path';
import nunjucks from 'nunjucks';
import { packageRoot } from '../lib/packageRoot.ts';
import { Markup } from './html.ts';

/** Folder of the templates; `assets/` has the style sheets and icons of the site. */
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

// The engine prints an instance of its own class as is, and escapes all others.
Object.setPrototypeOf(Markup.prototype, nunjucks.runtime.SafeString.prototype);

/** A partial that is rendered on its own because several pages contain the same output. */
type PartialTemplate = 'test-head';

/**
 * HTML of one page. Nunjucks compiles a template once per process, escapes everything it prints,
 * and throws when it prints undefined or null.
 */
export function renderPage(template: PageTemplate, view: object): string {
  return renderTemplate(template, view);
}

/** HTML of a partial, for pages that print it. */
export function renderPartial(partial: PartialTemplate, view: object): Markup {
  return new Markup(renderTemplate(`partials/${partial}`, view));
}

/** The environment caches compiled templates. */
function renderTemplate(name: string, view: object): string {
  return environment.getTemplate(`${name}.njk`, true).render(view);
}
