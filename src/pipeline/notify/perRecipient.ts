import type { Problem } from '../../model/run/problem.ts';
import type { Recipient } from '../../notify/routing/recipient.ts';
import { toContainedProblem } from '../problems.ts';
import type { Session } from '../session.ts';

/** Where failures go. */
export type FailureContext = Pick<Session, 'log' | 'signal'>;

/** Results for recipients, and the problems of those whose work failed. */
export interface RecipientResults<Result> {
  readonly results: readonly Result[];
  readonly problems: readonly Problem[];
}

/**
 * Does work for each item. A failure becomes a problem of its recipient and costs the other items
 * nothing. Throws errors that concern all of them, such as those of the store.
 */
export function forEachRecipient<Item, Result>(
  items: readonly Item[],
  recipientOf: (item: Item) => Recipient,
  work: (item: Item) => Result,
  context: FailureContext,
): RecipientResults<Result> {
  const results: Result[] = [];
  const problems: Problem[] = [];
  for (const item of items) {
    try {
      results.push(work(item));
    } catch (error) {
      const { name, channel } = recipientOf(item);
      const subject = `${channel === 'webhook' ? 'webhook' : 'mail'} of ${name}`;
      const problem = toContainedProblem(error, subject, context);
      problems.push({
        ...problem,
        message: `A notification cannot be composed. ${problem.message}`,
      });
    }
  }
  return { results, problems };
}
