import type { Change } from '../../model/change.ts';
import { classWords } from '../../model/changeWords.ts';
import { asPathText, counted } from '../format.ts';

/** Hops named in a list; a detour may have dozens. */
const mostNamed = 3;

/** What happened: `AS path changed`; a broken policy with its rule. */
export function changeTitle({ class: kind, policy, closes }: Change): string {
  if (policy !== undefined) return `${classWords.policy}: ${policy.rule}`;
  if (kind === 'recovered' && closes.length > 0) {
    return `recovered: ${closes.map((each) => classWords[each]).join(', ')}`;
  }
  return classWords[kind];
}

/** Finds the host name of an address; the address itself where none is known. */
export type NameOf = (address: string) => string;

/** What is different, in one phrase: the AS paths where they differ, else the devices that left and came; '' for nothing. */
export function differenceText(change: Change, nameOf: NameOf): string {
  const { fromAsPath, toAsPath, evidence, policy, icmpError } = change;
  if (policy !== undefined) return `expected ${policy.expected}, found ${policy.found}`;
  const error = icmpError === null ? '' : `ICMP ${icmpError}`;
  if (change.class === 'inter_as' && fromAsPath.join() !== toAsPath.join()) {
    return joined(`${asPathText(toAsPath)} instead of ${asPathText(fromAsPath)}`, error);
  }
  if (change.class === 'unreachable') return joined(whereItEnds(change, nameOf), error);
  const left = named(evidence.left);
  const came = named(evidence.came);
  if (left !== '' && came !== '') return joined(`${came} instead of ${left}`, error);
  if (came !== '') return joined(`by way of ${came}`, error);
  return joined(left === '' ? '' : `without ${left}`, error);
}

/** The last hop that still answers, by its name where the detection knows one; '' when nothing answers. */
function whereItEnds({ evidence, route, toAsPath }: Change, nameOf: NameOf): string {
  const last = evidence.edge?.[0] ?? route.findLast(({ after }) => after.length > 0)?.after[0];
  const system = toAsPath.at(-1);
  if (last === undefined) return '';
  return `ends after ${nameOf(last)}${system === undefined ? '' : ` (AS${system})`}`;
}

function joined(text: string, error: string): string {
  return [text, error].filter((part) => part !== '').join('; ');
}

function named(devices: readonly string[]): string {
  const more = devices.length - mostNamed;
  const shown = devices.slice(0, mostNamed).join(', ');
  return more > 0 ? `${shown} and ${counted(more, 'other')}` : shown;
}

/** Anchor of a change on the history page of its test. */
export function historyAnchor({ id, testId }: Change): string {
  return `change-${id.slice(testId.length + 1)}`;
}
