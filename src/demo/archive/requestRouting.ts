import { demoTemplate, templatePath } from '../psconfigTemplate.ts';
import { respondData } from './dataEndpoint.ts';
import type { DemoArchive } from './demoArchive.ts';
import { respondList } from './listEndpoint.ts';
import {
  type DemoResponse,
  errorResponse,
  htmlResponse,
  jsonResponse,
  RequestRefusedError,
  redirectResponse,
} from './response.ts';
import { metadataByKey } from './testList.ts';
import { archivePath } from './testMetadata.ts';

/** Responds to a GET request like the archive's server, including rejections. */
export function respondTo(archive: DemoArchive, url: URL): DemoResponse {
  try {
    return route(archive, url);
  } catch (error) {
    if (error instanceof RequestRefusedError) return errorResponse(archive.dialect, error);
    throw error;
  }
}

function route(archive: DemoArchive, url: URL): DemoResponse {
  const { pathname, searchParams: query } = url;
  if (pathname === templatePath) return jsonResponse(archive.dialect, demoTemplate());
  if (!pathname.startsWith(archivePath)) return wrongPath();
  const path = pathname.slice(archivePath.length);
  if (path !== '' && !path.startsWith('/')) return wrongPath();
  if (path === '/') return respondList(archive, query);
  const isEsmond = archive.dialect === 'esmond';
  if (path === '') return redirectResponse(isEsmond ? 301 : 308, `${pathname}/${url.search}`);
  return isEsmond ? routeOfEsmond(archive, url, path) : routeOfElmond(archive, path, query);
}

/**
 * esmond requires a slash after the key and accepts one elsewhere; the summary window is optional.
 */
function routeOfEsmond(archive: DemoArchive, url: URL, path: string): DemoResponse {
  const [, key = '', eventType, summary, window, ...rest] = path.replace(/\/$/, '').split('/');
  if (rest.length > 0) return wrongPath();
  if (eventType === undefined) {
    if (!path.endsWith('/')) return redirectResponse(301, `${url.pathname}/${url.search}`);
    return oneTest(archive, key);
  }
  if (summary === undefined) return eventTypeDetail(archive, key, eventType);
  const isBase = summary === 'base' && (window === undefined || window === '0');
  return isBase
    ? respondData(archive, key, eventType, url.searchParams)
    : jsonResponse('esmond', []);
}

/** elmond knows only `KEY` and `KEY/EVENT/base/0`, without a final slash. */
function routeOfElmond(archive: DemoArchive, path: string, query: URLSearchParams): DemoResponse {
  const [, key = '', eventType, summary, window, ...rest] = path.split('/');
  if (eventType === undefined) return oneTest(archive, key);
  if (window === undefined || window === '' || rest.length > 0) return wrongPath();
  if (summary !== 'base' || window !== '0') {
    throw new RequestRefusedError(400, `Unsupported summary ${summary}/${window}`);
  }
  return respondData(archive, key, eventType, query);
}

function oneTest(archive: DemoArchive, key: string): DemoResponse {
  const metadata = metadataByKey(archive, key);
  if (metadata === undefined) throw new RequestRefusedError(404, 'Not found.');
  return jsonResponse(archive.dialect, metadata);
}

function eventTypeDetail(archive: DemoArchive, key: string, eventType: string): DemoResponse {
  const types = metadataByKey(archive, key)?.['event-types'];
  const all = Array.isArray(types) ? types : [];
  return jsonResponse(
    'esmond',
    all.filter((type) => type['event-type'] === eventType),
  );
}

function wrongPath(): DemoResponse {
  return htmlResponse(404, 'The requested URL was not found on this server.');
}
