import { fileURLToPath } from 'node:url';
import nunjucks from 'nunjucks';
import type { Message } from './message.ts';

const folder = fileURLToPath(new URL('../../templates/email/', import.meta.url));

const environment = new nunjucks.Environment(new nunjucks.FileSystemLoader(folder), {
  autoescape: true,
  throwOnUndefined: true,
  trimBlocks: true,
  lstripBlocks: true,
});

/** The HTML part of a mail; everything in it is escaped, nothing is loaded from elsewhere. */
export function mailHtml(message: Message): string {
  return environment.render('message.njk', { message });
}
