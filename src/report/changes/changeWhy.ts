import { explainChange } from '../../model/change/changeReasons.ts';
import type { ChangeRecord } from '../../model/change/changeRecord.ts';
import type { DeviceShare } from '../../model/change/routeChange.ts';
import { formatShare } from '../../model/values/format.ts';
import type { HostNameLookup } from './changeText.ts';

/** One ttl of a change of route. */
interface TtlRow {
  readonly ttl: number;
  /** `core1.example.net 98%`, largest share first; empty where nothing answered. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Why a change was reported, for the page of its test. */
export interface ChangeWhy {
  /** Sentences. */
  readonly reasons: readonly string[];
  readonly ttls: readonly TtlRow[];
  /** Link to the other changes of its incident; '' without an incident. */
  readonly incidentHref: string;
}

/** Explains a change with the figures that led to it. */
export function changeWhy({ change, incidentId }: ChangeRecord, nameOf: HostNameLookup): ChangeWhy {
  const shareText = ({ name, share }: DeviceShare) =>
    `${name === null ? 'the destination' : nameOf(name)} ${formatShare(share)}`;
  return {
    reasons: explainChange(change),
    ttls: (change.routeChange?.shares ?? []).map(({ ttl, before, after }) => ({
      ttl,
      before: before.map(shareText),
      after: after.map(shareText),
    })),
    incidentHref:
      incidentId === null
        ? ''
        : `../../changes.html#${new URLSearchParams({ incident: incidentId })}`,
  };
}
