import { join } from 'node:path';
import nunjucks from 'nunjucks';
import { packageRoot } from '../../../lib/packageRoot.ts';
import type { Message } from '../../message/message.ts';

const templateFolder = join(packageRoot, 'templates/email');

const environment = new nunjucks.Environment(new nunjucks.FileSystemLoader(templateFolder), {
  autoescape: true,
  throwOnUndefined: true,
  trimBlocks: true,
  lstripBlocks: true,
});

/** Escaped text with unbroken times: mail programs wrap lines at the hyphens of a date. */
environment.addFilter('nowrapTimes', (text: string) => {
  const safe = String(environment.getFilter('escape')(text));
  const unbroken = safe.replaceAll(
    /\d{4}-\d\d-\d\d(?: \d\d:\d\d(?: UTC)?)?/g,
    (time) => `<span style="white-space:nowrap">${time}</span>`,
  );
  return new nunjucks.runtime.SafeString(unbroken);
});

/** The HTML part of a mail: all text escaped, nothing loaded from elsewhere. */
export function renderMailHtml(message: Message): string {
  return environment.render('message.njk', { message });
}
