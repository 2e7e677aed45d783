import { demoTemplate, templatePath } from '../template.ts';
import {
  type Answer,
  htmlAnswer,
  jsonAnswer,
  RequestRefused,
  redirectAnswer,
  refusalAnswer,
} from './answer.ts';
import type { DemoArchive } from './archive.ts';
import { answerData } from './data.ts';
import { describedByKey } from './list.ts';
import { archivePath } from './metadata.ts';
import { answerList } from './paging.ts';

/** Answers one GET request as the archive's server would, refusals included. */
export function answerRequest(archive: DemoArchive, url: URL): Answer {
  try {
    return route(archive, url);
  } catch (error) {
    if (error instanceof RequestRefused) return refusalAnswer(archive.dialect, error);
    throw error;
  }
}

function route(archive: DemoArchive, url: URL): Answer {
  const { pathname, searchParams: query } = url;
  if (pathname === templatePath) return jsonAnswer(archive.dialect, demoTemplate());
  if (!pathname.startsWith(archivePath)) return wrongPath();
  const path = pathname.slice(archivePath.length);
  if (path !== '' && !path.startsWith('/')) return wrongPath();
  if (path === '/') return answerList(archive, query);
  const isEsmond = archive.dialect === 'esmond';
  if (path === '') return redirectAnswer(isEsmond ? 301 : 308, `${pathname}/${url.search}`);
  return isEsmond ? routeOfEsmond(archive, url, path) : routeOfElmond(archive, path, query);
}

/** esmond wants a slash after the key and takes one everywhere else; the summary window may be left out. */
function routeOfEsmond(archive: DemoArchive, url: URL, path: string): Answer {
  const [, key = '', eventType, summary, window, ...rest] = path.replace(/\/$/, '').split('/');
  if (rest.length > 0) return wrongPath();
  if (eventType === undefined) {
    if (!path.endsWith('/')) return redirectAnswer(301, `${url.pathname}/${url.search}`);
    return oneTest(archive, key);
  }
  if (summary === undefined) return eventTypeDetail(archive, key, eventType);
  const isBase = summary === 'base' && (window === undefined || window === '0');
  return isBase ? answerData(archive, key, eventType, url.searchParams) : jsonAnswer('esmond', []);
}

/** elmond knows `KEY` and `KEY/EVENT/base/0`, both without a slash, and nothing else. */
function routeOfElmond(archive: DemoArchive, path: string, query: URLSearchParams): Answer {
  const [, key = '', eventType, summary, window, ...rest] = path.split('/');
  if (eventType === undefined) return oneTest(archive, key);
  if (window === undefined || window === '' || rest.length > 0) return wrongPath();
  if (summary !== 'base' || window !== '0') {
    throw new RequestRefused(400, `Unsupported summary ${summary}/${window}`);
  }
  return answerData(archive, key, eventType, query);
}

function oneTest(archive: DemoArchive, key: string): Answer {
  const metadata = describedByKey(archive, key);
  if (metadata === undefined) throw new RequestRefused(404, 'Not found.');
  return jsonAnswer(archive.dialect, metadata);
}

function eventTypeDetail(archive: DemoArchive, key: string, eventType: string): Answer {
  const types = describedByKey(archive, key)?.['event-types'];
  const all = Array.isArray(types) ? types : [];
  return jsonAnswer(
    'esmond',
    all.filter((type) => type['event-type'] === eventType),
  );
}

function wrongPath(): Answer {
  return htmlAnswer(404, 'The requested URL was not found on this server.');
}
