import type { Change, Severity } from '../../model/change.ts';
import type { Incident, IncidentMember } from '../../model/incident.ts';
import type { IncidentNotice, LoggedMessage, MessageKind } from '../../model/outbox.ts';
import type { TestGroup } from '../../model/selection.ts';
import type { Acknowledgement, Silence } from '../../model/silence.ts';
import type { Test } from '../../model/test.ts';
import type { Recipient } from './recipient.ts';

/** Everything that decides who is told what. All times are epoch seconds. */
export interface NotificationPlanInput {
  readonly now: number;
  readonly recipients: readonly Recipient[];
  readonly groups: readonly TestGroup[];
  /** Incidents that are open or ended within the last week. */
  readonly incidents: readonly Incident[];
  /** By id: those that are members of the incidents. A member whose change or test is missing is not told. */
  readonly changes: ReadonlyMap<string, Change>;
  readonly tests: ReadonlyMap<string, Test>;
  /** Ids of incidents that became part of another one, and of which. */
  readonly mergedInto: Readonly<Record<string, string>>;
  /** Ids of changes that ended because they are normal now. */
  readonly acceptedChanges: ReadonlySet<string>;
  /** By test id: since when it is watched. Older changes come from replaying the past; nobody is told of them. */
  readonly watchedSince: ReadonlyMap<string, number>;
  /** Silences and maintenance windows, and what people know already. */
  readonly silences: readonly Silence[];
  readonly acknowledgements: readonly Acknowledgement[];
  /** What was planned before, for as long as any of the incidents lasts. */
  readonly log: readonly LoggedMessage[];
  /** How long to gather what belongs together before the first message; null: two intervals of the tests, an hour at most. */
  readonly groupWaitSeconds: number | null;
  /** Domain of the Message-IDs. */
  readonly mailDomain: string;
  /** What Message-IDs and codes of incidents are keyed with where they would tell what has to be hidden; else null. */
  readonly secret: Buffer | null;
}

/** An incident as far as it concerns one recipient. */
export interface RecipientView {
  readonly incident: Incident;
  /** Those that he wants and that are not silenced, in the incident's order; at least one. */
  readonly members: readonly IncidentMember[];
  /** By which people name the incident to `pstrace ack`; a message may show its id under a pseudonym. */
  readonly code: string;
  /** Tests among them. */
  readonly tests: readonly string[];
  readonly severity: Severity;
  readonly status: Incident['status'];
  /** About when it began; clocks of measuring hosts differ. */
  readonly startedAt: number;
  /** When the first of them was detected, and the last one ended (null before it is over, and when it never ended). */
  readonly detectedAt: number;
  readonly endedAt: number | null;
  /** How it ends, if it has ended. */
  readonly ending: 'recovered' | 'accepted' | null;
}

/** An incident as part of a message. */
export interface NotificationItem {
  readonly view: RecipientView;
  readonly kind: IncidentNotice['kind'];
}

/** A message to be made. `items` is one incident, or several for `summary` and `digest`. */
export interface PlannedNotification {
  readonly key: string;
  readonly recipient: Recipient;
  readonly kind: MessageKind;
  readonly thread: string | null;
  readonly plannedAt: number;
  readonly messageId: string;
  /** Message-IDs of what he got before on the same incident, oldest first. */
  readonly references: readonly string[];
  readonly items: readonly NotificationItem[];
}
