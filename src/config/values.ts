import { z } from 'zod';
import { isTooLong, parseDuration, tooLongHint } from '../lib/duration.ts';
import { daySeconds } from '../model/values/time.ts';

/** A value that `parse` converts; where it returns null, `hint` is the fault. */
export function parsed<Input, Value>(
  schema: z.ZodType<Input, Input>,
  parse: (value: Input) => Value | null,
  hint: string,
) {
  return schema.transform((value, context) => {
    const result = parse(value);
    if (result !== null) return result;
    const message = isTooLong(value) ? tooLongHint : hint;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

/** A value that the file writes in another form, such as "90s"; `fallback` has that form too. */
export function quantity<Value>(
  parse: (value: unknown) => Value | null,
  hint: string,
  fallback: string,
) {
  return parsed(z.unknown(), parse, hint).prefault(fallback);
}

/** As `quantity`, except that `noneWord` means no value, which is null. */
export function optionalQuantity<Value>(
  noneWord: string,
  parse: (value: unknown) => Value | null,
  hint: string,
  fallback = noneWord,
) {
  return quantity<{ readonly value: Value | null }>(
    (value) => {
      const found = value === noneWord ? null : parse(value);
      return found === null && value !== noneWord ? null : { value: found };
    },
    `${hint}, or "${noneWord}"`,
    fallback,
  ).transform(({ value }) => value);
}

export const durationHint =
  'expected a duration: seconds, or text such as "90s", "30m", "24h", "7d"';
/** How long a program or a server may take. */
export const timeoutHint = 'expected a duration of at most a day, such as "90s" or "5m"';

/** Seconds above 0. */
export const positiveSeconds = (value: unknown) => parseDuration(value) || null;
/** Seconds above 0 and up to a day: a timer cannot run for more than some weeks. */
export const timeoutSeconds = (value: unknown) => {
  const seconds = positiveSeconds(value);
  return seconds !== null && seconds <= daySeconds ? seconds : null;
};
/** Whole seconds above 0. */
export const wholeSeconds = (value: unknown) => Math.round(parseDuration(value) ?? 0) || null;

/** A whole number. */
export const integerBetween = (low: number, high: number) => {
  const error = `expected a whole number from ${low} to ${high}`;
  return z.int({ error }).min(low, { error }).max(high, { error });
};

/** Text that is not empty. */
export const requiredText = (expected: string) => {
  const error = `expected ${expected}`;
  return z.string({ error }).trim().min(1, { error });
};

/** Text; `""` means none. */
export const optionalText = (expected: string) =>
  z
    .string({ error: `expected ${expected}` })
    .trim()
    .default('');

export const trueOrFalse = z.boolean({ error: 'expected true or false' });
export const fileName = requiredText('the name of a file in quotes');
export const optionalFileName = optionalText('the name of a file in quotes');

/** One value, or several in []. */
export const oneOrMore = <Output>(each: z.ZodType<Output, string>, error: string) =>
  z.union([each.transform((one) => [one]), z.array(each)], { error }).default([]);

/** One of some words. */
export const oneOf = <const Words extends readonly string[]>(values: Words) =>
  z.enum(values, { error: `expected ${quotedList(values)}` });

/** `"a", "b" or "c"`. */
export function quotedList(values: readonly string[]): string {
  const quoted = values.map((word) => `"${word}"`);
  return [quoted.slice(0, -1).join(', '), quoted.at(-1)].filter(Boolean).join(' or ');
}

/** `[name]`. */
export const table = <Shape extends z.core.$ZodLooseShape>(name: string, shape: Shape) =>
  z.strictObject(shape, { error: `expected a [${name}] table` });

/** `[[name]]`. */
export const tables = <Block extends z.ZodType>(name: string, block: Block) =>
  z.array(block, { error: `expected [[${name}]] blocks` }).default([]);
