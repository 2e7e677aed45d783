import type { Severity } from '../../model/change.ts';
import type { MessageKind } from '../../model/outbox.ts';

/** A label and what stands behind it: `Since`, `2026-11-20 10:20 UTC`. */
export interface MessageFact {
  readonly label: string;
  readonly text: string;
}

export interface MessageLink {
  readonly label: string;
  readonly url: string;
}

/** One hop of one side of a comparison; texts are '' where nothing is known. */
export interface HopText {
  readonly ttl: string;
  /** Host name or address; `*` for a silent hop. Several are joined by commas. */
  readonly name: string;
  /** The address behind the name, else ''. */
  readonly address: string;
  /** `AS64500 Example Net`. */
  readonly system: string;
  /** `12.1 ms`. */
  readonly rtt: string;
}

/**
 * A line of two routes side by side: `-` only before, `+` only after, `~` one in place of another, blank: the same on both
 * sides. `fold` is not '' for a line that stands for several equal hops.
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
  /** Names in the network and addresses of its two ends, as far as the title does not tell them; else ''. */
  readonly hosts: string;
  readonly severity: Severity;
  /** `AS path changed`, with a large first letter, like the verdict. */
  readonly what: string;
  /** `Worse: RTT +14 ms (…)`; '' when there is nothing to judge. */
  readonly verdict: string;
  /** Why it was told. */
  readonly why: readonly string[];
  /** `AS64500 → AS64501`; both '' where the AS path is not known or did not change. */
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

/** What is to be said, for every channel to put into its own form. All text is for people, none of it is escaped. */
export interface Message {
  readonly kind: MessageKind | 'test';
  readonly severity: Severity;
  readonly subject: string;
  /** One sentence that says it all. */
  readonly headline: string;
  readonly facts: readonly MessageFact[];
  readonly blocks: readonly ChangeBlock[];
  readonly lines: readonly ListLine[];
  /** What is left out of `lines`. */
  readonly more: number;
  readonly links: readonly MessageLink[];
  readonly footer: string;
}
