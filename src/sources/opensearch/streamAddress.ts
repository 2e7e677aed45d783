import { defaultPath, parseServerAddress } from '../esmond/archiveAddress.ts';
import type { Dialect } from './dialect.ts';
import { pschedulerDialect } from './pschedulerDocument.ts';
import { wlcgDialect } from './wlcgDocument.ts';

/** Where the documents of an archive are. */
export interface StreamAddress {
  /** Identity of the archive: that of its elmond, so that one history goes on. */
  readonly id: string;
  readonly hostname: string;
  /** The base URLs in the order of trial, without a final slash. */
  readonly bases: readonly string[];
  readonly index: string;
  readonly dialect: Dialect;
  /** The address names OpenSearch itself; else elmond may be meant. */
  readonly isExplicit: boolean;
}

/** Below this path, a perfSONAR archive passes requests on to its OpenSearch. */
const proxyPath = '/opensearch';
/** The port of OpenSearch itself. */
const nodePort = ':9200';
const standardPorts = new Set(['', ':80', ':443']);

/**
 * The address of an archive's documents: `host` and `host:port`, where elmond may be meant;
 * `…/opensearch` and `host:9200`; `…/ps_trace` for an index of WLCG. null for the address of an
 * esmond or elmond. Throws an `ExpectedError` for an invalid address.
 */
export function parseStreamAddress(text: string): StreamAddress | null {
  const { hostname, port, idHost, path, urlsOf } = parseServerAddress(text);
  const perfsonar = { hostname, index: 'pscheduler_trace', dialect: pschedulerDialect };
  if (path === null && port === nodePort) {
    return { ...perfsonar, id: idHost, bases: urlsOf(''), isExplicit: true };
  }
  if (path === null) {
    const paths = standardPorts.has(port) ? [proxyPath] : [proxyPath, ''];
    const bases = paths.flatMap((each) => urlsOf(each));
    return { ...perfsonar, id: `${idHost}${defaultPath}`, bases, isExplicit: false };
  }
  if (path.endsWith(proxyPath)) {
    const id = `${idHost}${path.slice(0, -proxyPath.length)}${defaultPath}`;
    return { ...perfsonar, id, bases: urlsOf(path), isExplicit: true };
  }
  const [, parent, index] = /^(.*)\/(ps_trace[\w.*-]*)$/.exec(path) ?? [];
  if (parent === undefined || index === undefined) return null;
  return {
    id: `${idHost}${path}`,
    hostname,
    bases: urlsOf(parent),
    index,
    dialect: wlcgDialect,
    isExplicit: true,
  };
}
