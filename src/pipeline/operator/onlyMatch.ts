import { usageError } from '../../lib/usageError.ts';

/** The words for a kind of item that users name by the start of its code. */
export interface ItemWords {
  /** Such as `silence`. */
  readonly noun: string;
  /** How messages call the code: `id`. */
  readonly code: string;
  /** The command that lists the items. */
  readonly listCommand: string;
}

/**
 * The only item whose code begins with `name`, from all such items. Throws a `UsageError` if `name`
 * is empty, or if there is no item or more than one.
 */
export function onlyMatch<Item>(
  name: string,
  matching: readonly Item[],
  { noun, code, listCommand }: ItemWords,
): Item {
  const [only] = matching;
  if (only === undefined || name === '')
    throw usageError(`There is no ${noun} ${name}.`, `List them: ${listCommand}.`);
  if (matching.length > 1) {
    throw usageError(
      `${matching.length} ${noun}s begin with ${name}.`,
      `Give more characters of the ${code}.`,
    );
  }
  return only;
}
