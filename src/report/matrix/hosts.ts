import type { MeshAnalysis } from '../../model/site/analysis.ts';
import { type Endpoint, endpointId } from '../../model/test/test.ts';
import { orderByGroup } from './hostGroups.ts';
import type { Host, Hosts } from './matrixTypes.ts';

/**
 * Groups endpoints by name. Short names omit `domain` (see `sharedDomain`). With `labels` (by
 * `endpointId`), hosts of the same group are contiguous.
 */
export function groupHosts(
  endpoints: readonly Endpoint[],
  domain: string,
  labels?: MeshAnalysis['labels'],
): Hosts {
  const byName = Map.groupBy(endpoints, ({ name }) => name);
  const found = Array.from(byName, ([name, ends]): Host => {
    const label = ends.map((end) => labels?.get(endpointId(end))).find((one) => one !== undefined);
    const displayName = label?.displayName ?? name;
    const hasDisplayName = displayName.toLowerCase() !== name.toLowerCase();
    return {
      name,
      shortName: hasDisplayName ? displayName : shorten(name, domain),
      hasDisplayName,
      group: label?.group ?? '',
      addresses: ends.flatMap(({ address }) => address ?? []),
    };
  });
  const list = orderByGroup(found);
  const positions = new Map(list.map(({ name }, index) => [name, index]));
  const indexById = new Map(
    endpoints.map((end) => [endpointId(end), positions.get(end.name) ?? -1]),
  );
  return { list, indexById };
}

/** Splits a name where a line may break: after dots, blanks and colons, never at a hyphen. */
export function nameParts(name: string): readonly string[] {
  return name.split(/(?<=[.: ])/);
}

function shorten(name: string, domain: string): string {
  return domain !== '' && name.endsWith(domain) ? name.slice(0, -domain.length) : name;
}

/**
 * The domain of all names with its leading dot (`.example.net`); '' if they share fewer than two
 * labels. Names without letters (addresses) have no domain.
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
