import { z } from 'zod';
import { isAsPath } from './patterns.ts';
import { elementPatterns, groupNames, testPatterns } from './selectionSchema.ts';
import { oneOrMore } from './values.ts';

/** A fixed limit, or one relative to the usual value of the test; infinite for none. */
export type LimitValue = number | { readonly overUsualPct: number; readonly floor: number };

const boundedNumber = (max: number, error: string) =>
  z.number({ error }).min(0, { error }).max(max, { error });
const off = z.literal('off').transform(() => Number.POSITIVE_INFINITY);

const overUsual = z
  .strictObject({ over_usual_pct: z.number().min(0), floor: z.number().min(0) })
  .transform(({ over_usual_pct, floor }): LimitValue => ({ overUsualPct: over_usual_pct, floor }));

/** null: this block sets no limit. */
const limitSchema = (max: number, unit: string) => {
  const error = `expected ${unit}, or { over_usual_pct = 25, floor = 10 }, or "off"`;
  return z
    .union([boundedNumber(max, error), off, overUsual], { error })
    .nullable()
    .default(null);
};

const asPathHint =
  'expected AS paths in quotes, such as "64500 * 64510" (? for one AS, * for any number), several in []';
const asPaths = nullableList(
  oneOrMore(z.string().trim().refine(isAsPath, { error: asPathHint }), asPathHint),
);

/** A list that may be absent (null) or empty. */
function nullableList<Output>(list: z.ZodDefault<z.ZodType<Output>>) {
  return list.unwrap().nullable().default(null);
}

const elements = nullableList(elementPatterns);

const milliseconds = 'milliseconds from 0 to 60000';
const percent = 'a percentage from 0 to 100';

/** `[[policy]]`: expected routes and limits of some tests. */
export const policyBlock = z.strictObject(
  {
    tests: testPatterns,
    groups: groupNames,
    must_traverse: elements,
    must_avoid: elements,
    expect_as_path: asPaths,
    backup_as_path: asPaths,
    max_hops: limitSchema(255, 'a number of hops up to 255'),
    max_rtt_ms: limitSchema(60_000, milliseconds),
    max_loss_pct: limitSchema(100, percent),
    max_hop_rtt_ms: limitSchema(60_000, milliseconds),
    max_hop_loss_pct: limitSchema(100, percent),
  },
  { error: 'expected [[policy]] blocks' },
);
