import type { Change } from '../../model/change/change.ts';
import type { Test } from '../../model/test/test.ts';
import type { Responder } from '../../model/trace/trace.ts';
import type { RouteTimes } from './routeTimes.ts';

/** The data that messages need beside the plan. */
export interface MessageData {
  readonly changes: ReadonlyMap<string, Change>;
  readonly tests: ReadonlyMap<string, Test>;
  /** Last known names and ASes by address, as far as they count for a test. */
  readonly respondersOf: (testId: string) => ReadonlyMap<string, Responder>;
  /** By change id, if traces are available. */
  readonly times: ReadonlyMap<string, RouteTimes>;
}

/** The site that sends the messages. */
export interface MessageContext {
  /** URL of the site, with a trailing slash; null: messages have no links. */
  readonly baseUrl: string | null;
  /** Heading of the site. */
  readonly title: string;
  /** Mail address for requests to change the subscriptions; null: unknown. */
  readonly contact: string | null;
  /** Prefix of each subject, such as `[pstrace]`. */
  readonly prefix: string;
  /** Epoch seconds. */
  readonly now: number;
}
