import type { AlignedHop, Change } from '../model/change.ts';
import type { Responder } from '../model/trace.ts';
import { counted, ms } from './format.ts';
import type { HopText, RouteLine } from './message.ts';
import type { MessageData } from './messageData.ts';
import type { HopTime } from './routeTimes.ts';

/** Equal hops shown on either side of a difference. */
const contextHops = 1;
const mostNames = 3;

const marks = { same: ' ', silent: ' ', removed: '-', added: '+', replaced: '~' } as const;

/** The two routes of a change line by line, equal hops folded; nothing when they do not differ. */
export function routeLines(
  change: Change,
  { responders, times }: Pick<MessageData, 'responders' | 'times'>,
): RouteLine[] {
  const { route } = change;
  if (route.every(isEqual)) return [];
  const known = times.get(change.id);
  const line = (hop: AlignedHop): RouteLine => ({
    mark: marks[hop.mark],
    fold: '',
    before: hop.mark === 'added' ? null : hopText(hop.before, responders, known?.before),
    after: hop.mark === 'removed' ? null : hopText(hop.after, responders, known?.after),
  });
  const lines: RouteLine[] = [];
  let start = 0;
  while (start < route.length) {
    const end = endOfEqual(route, start);
    lines.push(...folded(route.slice(start, end), start === 0, end === route.length).map(toLine));
    const different = route[end];
    if (different !== undefined) lines.push(line(different));
    start = end + 1;
  }
  return lines;

  function toLine(part: AlignedHop | string): RouteLine {
    if (typeof part !== 'string') return line(part);
    return { mark: ' ', fold: part, before: null, after: null };
  }
}

function isEqual({ mark }: AlignedHop): boolean {
  return mark === 'same' || mark === 'silent';
}

function endOfEqual(route: readonly AlignedHop[], start: number): number {
  let end = start;
  while (end < route.length && isEqual(route[end] as AlignedHop)) end++;
  return end;
}

/** A run of equal hops with its middle replaced by words, where that saves a line. */
function folded(
  hops: readonly AlignedHop[],
  atStart: boolean,
  atEnd: boolean,
): (AlignedHop | string)[] {
  const head = atStart ? 0 : contextHops;
  const tail = atEnd ? 0 : contextHops;
  const hidden = hops.length - head - tail;
  if (hidden < 2) return [...hops];
  const words = `${counted(hidden, 'hop')} unchanged`;
  return [...hops.slice(0, head), words, ...hops.slice(hops.length - tail)];
}

function hopText(
  addresses: readonly string[],
  responders: ReadonlyMap<string, Responder>,
  times: ReadonlyMap<string, HopTime> | undefined,
): HopText {
  const [first, ...others] = addresses;
  if (first === undefined) return { ttl: '', name: '*', address: '', system: '', rtt: '' };
  const names = addresses.slice(0, mostNames).map((each) => responders.get(each)?.hostname ?? each);
  const more = addresses.length > mostNames ? [`${addresses.length - mostNames} more`] : [];
  const time = times?.get(first);
  const rtt = time?.rttMs ?? null;
  return {
    ttl: time === undefined ? '' : String(time.ttl),
    name: [...names, ...more].join(', '),
    address: others.length === 0 && names[0] !== first ? first : '',
    system: systemText(responders.get(first)),
    rtt: rtt === null ? '' : ms(rtt),
  };
}

function systemText(responder: Responder | undefined): string {
  if (responder === undefined || responder.asn === null) return '';
  const number = `AS${responder.asn}`;
  return responder.asName === null ? number : `${number} ${responder.asName}`;
}
