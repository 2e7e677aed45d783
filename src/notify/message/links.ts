import type { Change, ChangeClass } from '../../model/change/change.ts';
import { routePicturePath } from '../../model/site/routePicture.ts';
import { changePath, testPath } from '../../model/site/sitePaths.ts';
import type { MessageLink } from './message.ts';
import type { MessageContext } from './messageData.ts';

/** URL of a page of the site; null without a base URL. `path` is relative and already encoded. */
export function pageUrl({ baseUrl }: Pick<MessageContext, 'baseUrl'>, path: string): string | null {
  if (baseUrl === null) return null;
  return `${baseUrl.replace(/\/?$/, '/')}${path}`;
}

/** Classes of route changes, whose first trace has a drawing. */
const drawnClasses: readonly ChangeClass[] = ['inter_as', 'intra_as', 'same_site', 'flap'];

/** The drawing of the first trace after a change. */
function drawingPath({ testId, onset }: Change): string {
  return `${routePicturePath(encodeURIComponent(testId), onset.by)}.svg`;
}

/** Links of a change: itself, its test, the drawing of its AS path. */
export function changeLinks(change: Change, context: MessageContext): MessageLink[] {
  const links: [label: string, path: string | undefined][] = [
    ['Change', changePath(change.id)],
    ['Test', testPath(change.testId)],
    ['AS path', drawnClasses.includes(change.class) ? drawingPath(change) : undefined],
  ];
  return links.flatMap(([label, path]) => {
    const url = path === undefined ? null : pageUrl(context, path);
    return url === null ? [] : [{ label, url }];
  });
}
