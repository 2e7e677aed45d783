import { BlockList } from 'node:net';
import { z } from 'zod';
import { canonicalAddress, canonicalPrefix } from '../../lib/ip.ts';
import { familyOf } from '../../model/trace/addressKinds.ts';
import type { AddressEntry, HostEntry } from './templateSections.ts';

/** Whether an address matches; a text names what pstrace would have to know to decide that. */
export type Match = boolean | string;

/** Decides for an entry of `addresses` and its name. */
export type Filter = (address: AddressEntry, name: string) => Match;

/** The parts of a template that filters refer to. */
export interface FilterContext {
  readonly hosts: ReadonlyMap<string, HostEntry>;
  /** Reads a filter inside another one. */
  compile(value: unknown): Filter;
  /** The filter of an address class. */
  classFilter(className: string): Filter;
}

const hostFilter = z.looseObject({
  type: z.literal('host'),
  tag: z.string().optional(),
  'no-agent': z.boolean().default(false),
  jq: z.unknown().optional(),
});

/** A filter of an address class, without the filters inside it. */
export const filterSchema = z.discriminatedUnion('type', [
  hostFilter,
  z.looseObject({ type: z.literal('tag'), tag: z.string() }),
  z.looseObject({ type: z.literal('address-class'), class: z.string() }),
  z.looseObject({ type: z.literal('ip-version'), 'ip-version': z.literal([4, 6]) }),
  z.looseObject({
    type: z.literal('netmask'),
    netmask: z.string().refine((text) => canonicalPrefix(text) !== null, 'not a prefix'),
  }),
  z.looseObject({ type: z.literal('jq') }),
  z.looseObject({ type: z.enum(['and', 'or']), filters: z.array(z.unknown()) }),
  z.looseObject({ type: z.literal('not'), filter: z.unknown() }),
]);

const jqNeed = 'jq, which pstrace does not evaluate';
const lookupNeed = 'the IP address of a host name, which pstrace does not look up here';

/** Turns a filter into a function. */
export function compileFilter(
  entry: z.output<typeof filterSchema>,
  { hosts, compile, classFilter }: FilterContext,
): Filter {
  switch (entry.type) {
    case 'tag':
      return ({ tags, host }) =>
        hasTag(tags, entry.tag) || hasTag(hosts.get(host ?? '')?.tags ?? [], entry.tag);
    case 'host':
      return ({ host }) => matchHost(entry, hosts.get(host ?? ''));
    case 'address-class':
      return classFilter(entry.class);
    case 'ip-version':
      return ({ address }) => matchAddress(address, (ip) => familyOf(ip) === entry['ip-version']);
    case 'netmask':
      return compileNetmask(entry.netmask);
    case 'jq':
      return () => jqNeed;
    case 'not': {
      const inner = compile(entry.filter);
      return (address, name) => not(inner(address, name));
    }
    case 'and':
    case 'or': {
      const inner = entry.filters.map(compile);
      const combine = entry.type === 'and' ? and : or;
      return (address, name) => combine(inner.map((filter) => filter(address, name)));
    }
  }
}

/** psConfig compares `no-agent` even if the filter lacks it: it defaults to false. */
function matchHost(entry: z.output<typeof hostFilter>, host: HostEntry | undefined): Match {
  if (host === undefined) return false;
  if (entry.tag !== undefined && !hasTag(host.tags, entry.tag)) return false;
  if (entry['no-agent'] !== host['no-agent']) return false;
  return entry.jq === undefined ? true : jqNeed;
}

function compileNetmask(netmask: string): Filter {
  const [network = '', bits] = (canonicalPrefix(netmask) ?? '').split('/');
  const list = new BlockList();
  list.addSubnet(network, Number(bits), `ipv${familyOf(network)}`);
  return ({ address }) => matchAddress(address, (ip) => list.check(ip, `ipv${familyOf(ip)}`));
}

function matchAddress(address: string, matches: (ip: string) => boolean): Match {
  const ip = canonicalAddress(address);
  return ip === null ? lookupNeed : matches(ip);
}

function hasTag(tags: readonly string[], tag: string): boolean {
  return tags.some((each) => each.toLowerCase() === tag.toLowerCase());
}

/** True if all match; undecided only if no match decides. */
export function and(matches: readonly Match[]): Match {
  return !matches.includes(false) && (matches.find((match) => match !== true) ?? true);
}

function or(matches: readonly Match[]): Match {
  return matches.includes(true) || (matches.find((match) => match !== false) ?? false);
}

/** The opposite; an undecided match stays undecided. */
export function not(match: Match): Match {
  return typeof match === 'boolean' ? !match : match;
}
