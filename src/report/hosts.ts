import { type Endpoint, endpointId } from '../model/test.ts';

/** A row or column of the matrix: all endpoints that carry the same name, so IPv4 and IPv6 of a host meet. */
export interface Host {
  readonly name: string;
  /** `name` without the domain that all hosts share. */
  readonly shortName: string;
  /** Known addresses, in the order of the endpoints. */
  readonly addresses: readonly string[];
}

/** Hosts in the order of the endpoints, and the host of each `endpointId`. */
export interface Hosts {
  readonly list: readonly Host[];
  readonly indexById: ReadonlyMap<string, number>;
}

/** Groups endpoints by name; `domain` (of `sharedDomain`) is cut from the short names. */
export function groupHosts(endpoints: readonly Endpoint[], domain: string): Hosts {
  const indexByName = new Map<string, number>();
  const indexById = new Map<string, number>();
  const list: { name: string; shortName: string; addresses: string[] }[] = [];
  for (const endpoint of endpoints) {
    const { name, address } = endpoint;
    const index = indexByName.get(name) ?? list.length;
    if (index === list.length) {
      indexByName.set(name, index);
      list.push({ name, shortName: shorten(name, domain), addresses: [] });
    }
    if (address !== null) list[index]?.addresses.push(address);
    indexById.set(endpointId(endpoint), index);
  }
  return { list, indexById };
}

function shorten(name: string, domain: string): string {
  return domain !== '' && name.endsWith(domain) ? name.slice(0, -domain.length) : name;
}

/**
 * The domain that every name ends with, with its leading dot (`.example.net`), or '' when they share less than two labels.
 * Names without a letter (addresses) share nothing.
 */
export function sharedDomain(names: readonly string[]): string {
  const [first, ...rest] = new Set(names);
  if (first === undefined || rest.length === 0) return '';
  let shared = domainOf(first);
  for (const name of rest) {
    while (shared !== '' && !(name.endsWith(shared) && name.length > shared.length)) {
      shared = domainOf(shared.slice(1));
    }
  }
  return shared.split('.').length > 2 && /[a-z]/i.test(shared) ? shared : '';
}

function domainOf(name: string): string {
  const dot = name.indexOf('.');
  return dot < 0 ? '' : name.slice(dot);
}
