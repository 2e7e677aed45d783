import { z } from 'zod';
import { parseDuration } from '../lib/duration.ts';

/** Values that are written as text or number and used as something else; `fallback` is in the file's own form. */
export function quantity<Value>(
  parse: (value: unknown) => Value | null,
  expected: string,
  fallback: string,
) {
  return z
    .unknown()
    .transform((value, context) => {
      const parsed = parse(value);
      if (parsed !== null) return parsed;
      context.addIssue({ code: 'custom', message: expected });
      return z.NEVER;
    })
    .prefault(fallback);
}

/** As `quantity`, where one word in the place of a value stands for none, which is null. */
export function optionalQuantity<Value>(
  noneWord: string,
  parse: (value: unknown) => Value | null,
  expected: string,
  fallback = noneWord,
) {
  return quantity<{ readonly value: Value | null }>(
    (value) => {
      const parsed = value === noneWord ? null : parse(value);
      return parsed === null && value !== noneWord ? null : { value: parsed };
    },
    `${expected}, or "${noneWord}"`,
    fallback,
  ).transform(({ value }) => value);
}

export const durationHint =
  'expected a duration: seconds, or text such as "90s", "30m", "24h", "7d"';

/** Seconds above 0. */
export const positiveSeconds = (value: unknown) => parseDuration(value) || null;
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

/** Text; empty where there is none. */
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

/** One word of some. */
export const oneOf = <const Words extends readonly string[]>(values: Words) =>
  z.enum(values, { error: `expected ${quotedList(values)}` });

/** `"a", "b" or "c"`. */
export function quotedList(values: readonly string[]): string {
  const quoted = values.map((word) => `"${word}"`);
  return [quoted.slice(0, -1).join(', '), quoted.at(-1)].filter(Boolean).join(' or ');
}

/** `[name]`. */
export const table = <Shape extends z.core.$ZodLooseShape>(name: string, shape: Shape) =>
  z.strictObject(shape, { error: `expected a table headed [${name}]` });

/** `[[name]]`. */
export const tables = <Block extends z.ZodType>(name: string, block: Block) =>
  z.array(block, { error: `expected tables headed [[${name}]]` }).default([]);
