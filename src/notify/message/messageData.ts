import type { Change } from '../../model/change.ts';
import type { Test } from '../../model/test.ts';
import type { Responder } from '../../model/trace.ts';
import type { RouteTimes } from './routeTimes.ts';

/** What messages are made from, beside the plan. */
export interface MessageData {
  readonly changes: ReadonlyMap<string, Change>;
  readonly tests: ReadonlyMap<string, Test>;
  /** Names and ASes by address; the last good ones. */
  readonly responders: ReadonlyMap<string, Responder>;
  /** By change id, where traces are at hand. */
  readonly times: ReadonlyMap<string, RouteTimes>;
}

/** What every message says of the site it comes from. */
export interface MessageContext {
  /** Of the site, with a slash at the end; null: messages carry no links. */
  readonly baseUrl: string | null;
  /** Heading of the site. */
  readonly title: string;
  /** In front of every subject, such as `[pstrace]`. */
  readonly prefix: string;
  /** Epoch seconds. */
  readonly now: number;
}
