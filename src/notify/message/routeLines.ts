import type { AlignedHop, Change } from '../../model/change/change.ts';
import type { Responder } from '../../model/trace/trace.ts';
import { formatMs, pluralize } from '../../model/values/format.ts';
import type { HopText, RouteLine } from './message.ts';
import type { MessageData } from './messageData.ts';
import type { HopTimes } from './routeTimes.ts';

/** Equal hops shown on either side of a difference. */
const contextHops = 1;
const maxNames = 3;

const marks = { same: ' ', silent: ' ', removed: '-', added: '+', replaced: '~' } as const;

/**
 * The two routes of a change line by line, equal hops and loops folded; empty if they are equal.
 */
export function routeLines(
  change: Change,
  { respondersOf, times }: Pick<MessageData, 'respondersOf' | 'times'>,
): RouteLine[] {
  if (change.route.every(isEqual)) return [];
  const responders = respondersOf(change.testId);
  const changeTimes = times.get(change.id);
  return foldRoute(change.route).map((part): RouteLine => {
    if (typeof part === 'string') return { mark: ' ', fold: part, before: null, after: null };
    const { mark, before, after, ttls = [null, null] } = part;
    return {
      mark: marks[mark],
      fold: '',
      before: mark === 'added' ? null : hopText(before, ttls[0], responders, changeTimes?.before),
      after: mark === 'removed' ? null : hopText(after, ttls[1], responders, changeTimes?.after),
    };
  });
}

/** The hops of a comparison; a text replaces several that do not need a line each. */
function foldRoute(route: readonly AlignedHop[]): (AlignedHop | string)[] {
  const parts: (AlignedHop | string)[] = [];
  const hops = route.filter((hop, index) => !isLoop(route, hop, index));
  let start = 0;
  while (start < hops.length) {
    const end = endOfEqual(hops, start);
    parts.push(...foldEqualHops(hops.slice(start, end), start === 0, end === hops.length));
    const different = hops[end];
    if (different !== undefined) parts.push(different);
    start = end + 1;
  }
  const repeatedCount = route.length - hops.length;
  return repeatedCount === 0
    ? parts
    : [...parts, `${pluralize(repeatedCount, 'more hop')} in a loop`];
}

/** Whether a hop occurs earlier on the new route. */
function isLoop(route: readonly AlignedHop[], { mark, after }: AlignedHop, index: number): boolean {
  const [first] = after;
  if (mark !== 'added' || first === undefined) return false;
  return route.slice(0, index).some((earlier) => earlier.after.includes(first));
}

function isEqual({ mark }: AlignedHop): boolean {
  return mark === 'same' || mark === 'silent';
}

function endOfEqual(route: readonly AlignedHop[], start: number): number {
  let end = start;
  while (end < route.length && isEqual(route[end] as AlignedHop)) end++;
  return end;
}

/** Consecutive equal hops, with a text in place of the middle if that saves a line. */
function foldEqualHops(
  hops: readonly AlignedHop[],
  atStart: boolean,
  atEnd: boolean,
): (AlignedHop | string)[] {
  const head = atStart ? 0 : contextHops;
  const tail = atEnd ? 0 : contextHops;
  const foldedCount = hops.length - head - tail;
  if (foldedCount < 2) return [...hops];
  const label = `${pluralize(foldedCount, 'hop')} unchanged`;
  return [...hops.slice(0, head), label, ...hops.slice(hops.length - tail)];
}

function hopText(
  addresses: readonly string[],
  position: number | null,
  responders: ReadonlyMap<string, Responder>,
  times: HopTimes | undefined,
): HopText {
  const [known] = addresses;
  if (known === undefined) return { ttl: '', name: '*', address: '', system: '', rtt: '' };
  const seen =
    position === null || times?.byAddress.has(known) ? undefined : times?.byTtl.get(position);
  const shown = seen ?? addresses;
  const [first = known, ...others] = shown;
  const names = shown.slice(0, maxNames).map((each) => responders.get(each)?.hostname ?? each);
  const more = shown.length > maxNames ? [`${shown.length - maxNames} more`] : [];
  const time = times?.byAddress.get(first);
  const ttl = position ?? time?.ttl ?? null;
  const rtt = time?.rttMs ?? null;
  return {
    ttl: ttl === null ? '' : String(ttl),
    name: [...names, ...more].join(', '),
    address: others.length === 0 && names[0] !== first ? first : '',
    system: systemText(responders.get(first)),
    rtt: rtt === null ? '' : formatMs(rtt),
  };
}

function systemText(responder: Responder | undefined): string {
  if (responder === undefined || responder.asn === null) return '';
  const number = `AS${responder.asn}`;
  return responder.asName === null ? number : `${number} ${responder.asName}`;
}
