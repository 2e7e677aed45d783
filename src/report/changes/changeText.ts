import type { Change } from '../../model/change/change.ts';
import { changeClassLabels } from '../../model/change/changeLabels.ts';
import { asPathText, pluralize } from '../../model/values/format.ts';

/** Maximum number of devices in a list; a temporary route may have dozens. */
const maxNamed = 3;

/** The class of a change as text: `AS path changed`; a violated policy with its rule. */
export function changeTitle({ class: changeClass, policy, closes }: Change): string {
  if (policy !== undefined) return `${changeClassLabels.policy}: ${policy.rule}`;
  if (changeClass === 'recovered' && closes.length > 0) {
    return `recovered: ${closes.map((each) => changeClassLabels[each]).join(', ')}`;
  }
  return changeClassLabels[changeClass];
}

/** Finds the host name of an address; returns the address if the name is unknown. */
export type HostNameLookup = (address: string) => string;

/**
 * The difference as a phrase: AS paths if they differ, else removed and added devices; '' for none.
 */
export function differenceText(change: Change, nameOf: HostNameLookup): string {
  const { fromAsPath, toAsPath, evidence, policy, icmpError } = change;
  if (policy !== undefined) return `expected ${policy.expected}, found ${policy.found}`;
  const error = icmpError === null ? '' : `ICMP ${icmpError}`;
  if (change.class === 'inter_as' && fromAsPath.join() !== toAsPath.join()) {
    return joinWithError(`${asPathText(toAsPath)} instead of ${asPathText(fromAsPath)}`, error);
  }
  if (change.class === 'unreachable') return joinWithError(lastHopText(change, nameOf), error);
  const removed = deviceList(evidence.removed);
  const added = deviceList(evidence.added);
  if (removed !== '' && added !== '') return joinWithError(`${added} instead of ${removed}`, error);
  if (added !== '') return joinWithError(`via ${added}`, error);
  return joinWithError(removed === '' ? '' : `without ${removed}`, error);
}

/** The last hop that replies, by name if known; '' without a reply. */
function lastHopText({ evidence, route, toAsPath }: Change, nameOf: HostNameLookup): string {
  const last = evidence.edge?.[0] ?? route.findLast(({ after }) => after.length > 0)?.after[0];
  const asn = toAsPath.at(-1);
  if (last === undefined) return '';
  return `ends after ${nameOf(last)}${asn === undefined ? '' : ` (AS${asn})`}`;
}

function joinWithError(text: string, error: string): string {
  return [text, error].filter((part) => part !== '').join('; ');
}

function deviceList(devices: readonly string[]): string {
  const more = devices.length - maxNamed;
  const shown = devices.slice(0, maxNamed).join(', ');
  return more > 0 ? `${shown} and ${pluralize(more, 'other')}` : shown;
}

/** Anchor of a change on the history page of its test. */
export function historyAnchor({ id, testId }: Change): string {
  return `change-${id.slice(testId.length + 1)}`;
}
