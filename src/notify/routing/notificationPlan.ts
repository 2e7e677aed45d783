import type { IncidentNotice, LoggedMessage, MessageKind } from '../../model/alerting/outbox.ts';
import type { Acknowledgement, Silence } from '../../model/alerting/silence.ts';
import type { Acceptance } from '../../model/change/acceptance.ts';
import type { Change, Severity } from '../../model/change/change.ts';
import type { Incident, IncidentMember, MergedIds } from '../../model/incident/incident.ts';
import type { TestGroup } from '../../model/test/selection.ts';
import type { Test } from '../../model/test/test.ts';
import type { Recipient } from './recipient.ts';

/** Everything that the plan depends on. Times are epoch seconds. */
export interface NotificationPlanInput {
  readonly now: number;
  readonly recipients: readonly Recipient[];
  readonly groups: readonly TestGroup[];
  /** Incidents that are open or ended within the last week. */
  readonly incidents: readonly Incident[];
  /** Changes of the incidents by id. A member whose change or test is missing is not notified. */
  readonly changes: ReadonlyMap<string, Change>;
  readonly tests: ReadonlyMap<string, Test>;
  readonly mergedIds: MergedIds;
  /** Ids of changes that did not end: they became the new baseline, or operators accepted them. */
  readonly acceptedChanges: ReadonlySet<string>;
  /** The acceptances by operators, by change id. */
  readonly acceptances: ReadonlyMap<string, Acceptance>;
  /**
   * Start of watching by test id. Older changes come from a replay of the past and are not
   * notified.
   */
  readonly watchedSince: ReadonlyMap<string, number>;
  /** Silences, maintenance windows included. */
  readonly silences: readonly Silence[];
  readonly acknowledgements: readonly Acknowledgement[];
  /** Earlier messages, at least as far back as the oldest open incident. */
  readonly log: readonly LoggedMessage[];
  /**
   * Delay of the first message, so that related changes go into it; null: two intervals of the
   * tests, at most an hour.
   */
  readonly groupWaitSeconds: number | null;
  /** Domain of the Message-IDs. */
  readonly mailDomain: string;
  /** Key for Message-IDs and incident codes if hosts must be hidden; else null. */
  readonly secret: Buffer | null;
}

/** The part of an incident that concerns one recipient. */
export interface RecipientView {
  readonly incident: Incident;
  /** Ids of incidents that have become part of this one. */
  readonly formerIds: readonly string[];
  /** Members that the recipient subscribed to and that are not silenced; at least one. */
  readonly members: readonly IncidentMember[];
  /** Code of the incident for `pstrace ack`; its id may be pseudonymized in messages. */
  readonly code: string;
  /** Ids of their tests. */
  readonly tests: readonly string[];
  readonly severity: Severity;
  readonly status: Incident['status'];
  /** Approximate start: clocks of measurement hosts differ. */
  readonly startedAt: number;
  /** First detection; end of the last member (null while open, and if none has ended). */
  readonly detectedAt: number;
  readonly endedAt: number | null;
  /** null while open. */
  readonly ending: 'recovered' | 'accepted' | null;
  /** The newest acceptance of a member by an operator; null without one. */
  readonly acceptance: Acceptance | null;
}

/** An incident as part of a message. */
export interface NotificationItem {
  readonly view: RecipientView;
  readonly kind: IncidentNotice['kind'];
  /** It repeats what the recipient knows: nothing is new, but the incident still lasts. */
  readonly isReminder?: boolean;
}

/** A planned message. `items` holds one incident, or several for `summary` and `digest`. */
export interface PlannedNotification {
  readonly key: string;
  readonly recipient: Recipient;
  readonly kind: MessageKind;
  readonly thread: string | null;
  readonly plannedAt: number;
  readonly messageId: string;
  /** Message-IDs of the recipient's earlier messages about the incident, oldest first. */
  readonly references: readonly string[];
  /** Subject of the first message of the thread; null for the first one. */
  readonly threadSubject: string | null;
  readonly items: readonly NotificationItem[];
}
