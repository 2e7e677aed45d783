import type { MessageKind } from '../../model/alerting/outbox.ts';
import type { Severity } from '../../model/change/change.ts';

/** A label and its value: `Since`, `2026-11-20 10:20 UTC`. */
export interface MessageFact {
  readonly label: string;
  readonly text: string;
}

export interface MessageLink {
  readonly label: string;
  readonly url: string;
}

/** A hop on one side of a comparison; unknown texts are ''. */
export interface HopText {
  readonly ttl: string;
  /** Host name or address, several separated by commas; `*` for a silent hop. */
  readonly name: string;
  /** The address if `name` is a host name, else ''. */
  readonly address: string;
  /** `AS64500 Example Net`. */
  readonly system: string;
  /** `12.1 ms`. */
  readonly rtt: string;
}

/**
 * A line of two routes side by side: `-` only before, `+` only after, `~` replaced, blank: equal. A
 * `fold` other than '' replaces several equal hops.
 */
export interface RouteLine {
  readonly mark: ' ' | '-' | '+' | '~';
  readonly fold: string;
  readonly before: HopText | null;
  readonly after: HopText | null;
}

/** One change in full. */
export interface ChangeBlock {
  readonly title: string;
  /** Host names and addresses of the two ends that the title leaves out; else ''. */
  readonly hosts: string;
  readonly severity: Severity;
  /** `AS path changed`, in sentence case, as the verdict. */
  readonly what: string;
  /** `Worse: RTT +14 ms (…)`; '' for a class that has no verdict. */
  readonly verdict: string;
  /** Why it was reported, one sentence each. */
  readonly why: readonly string[];
  /** `AS64500 → AS64501`; both '' if the AS path did not change. */
  readonly asBefore: string;
  readonly asAfter: string;
  readonly route: readonly RouteLine[];
  readonly links: readonly MessageLink[];
}

/** A change or incident in one line. */
export interface ListLine {
  readonly severity: Severity;
  readonly text: string;
  /** null without a base URL. */
  readonly url: string | null;
}

/** The content of a message, independent of its channel. Text is for people and not escaped. */
export interface Message {
  readonly kind: MessageKind | 'test';
  readonly severity: Severity;
  readonly subject: string;
  /** A one-sentence summary. */
  readonly headline: string;
  readonly facts: readonly MessageFact[];
  readonly blocks: readonly ChangeBlock[];
  readonly lines: readonly ListLine[];
  /** Number of lines left out. */
  readonly more: number;
  readonly links: readonly MessageLink[];
  readonly footer: string;
}
