import { z } from 'zod';
import { parseDuration } from '../lib/duration.ts';
import { parseSize } from './size.ts';

/** Values that are written as text or number and used as a number; `fallback` is in the file's own form. */
function quantity(parse: (value: unknown) => number | null, expected: string, fallback: string) {
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

const durationWords = 'expected a duration: seconds, or text such as "90s", "30m", "24h", "7d"';

const sizeWords = 'expected a size: bytes, or text such as "64MB"';

const positive = (value: unknown) => parseDuration(value) || null;
const whole = (value: unknown) => Math.round(parseDuration(value) ?? 0) || null;

const days = (value: unknown) => {
  const seconds = parseDuration(value);
  return seconds !== null && seconds >= 86_400 ? seconds : null;
};

/** Seconds, or "auto", which is null. */
const limit = z
  .unknown()
  .transform((value, context) => {
    const seconds = value === 'auto' ? null : positive(value);
    if (seconds !== null || value === 'auto') return seconds;
    context.addIssue({ code: 'custom', message: `${durationWords}, or "auto"` });
    return z.NEVER;
  })
  .prefault('auto');

const between = (low: number, high: number) => {
  const error = `expected a whole number from ${low} to ${high}`;
  return z.int({ error }).min(low, { error }).max(high, { error });
};

const text = (expected: string) => {
  const error = `expected ${expected}`;
  return z.string({ error }).trim().min(1, { error });
};

const yesNo = z.boolean({ error: 'expected true or false' });
const concurrency = between(1, 64);
const fileName = text('the name of a file in quotes');

const location = text('a URL or the name of a file in quotes');

/** One text, or several in []. */
const oneOrMore = (each: z.ZodString, error: string) =>
  z.union([each.transform((one) => [one]), z.array(each)], { error }).default([]);

const archive = z.strictObject(
  {
    url: text('a host, host:port or URL in quotes'),
    ca: z.string({ error: 'expected the name of a file in quotes' }).default(''),
    insecure: yesNo.default(false),
    concurrency: concurrency.nullable().default(null),
  },
  { error: 'expected tables headed [[archive]], each with a url' },
);

const table = <Shape extends z.core.$ZodLooseShape>(name: string, shape: Shape) =>
  z.strictObject(shape, { error: `expected a table headed [${name}]` });

/**
 * The configuration file as written: names, units and defaults. Unknown keys are refused, everything is
 * optional but the url of an archive, and every key is present in the output.
 */
export const fileSchema = z.strictObject({
  archive: z.array(archive, { error: 'expected tables headed [[archive]]' }).default([]),
  period: quantity(whole, durationWords, '24h'),
  out: fileName.nullable().default(null),
  state: fileName.nullable().default(null),
  http: table('http', {
    concurrency: concurrency.default(4),
    timeout: quantity(positive, durationWords, '60s'),
    retries: between(0, 20).default(3),
    max_answer: quantity(parseSize, sizeWords, '64MB'),
    max_run: quantity(parseSize, sizeWords, '10GB'),
  }).prefault({}),
  store: table('store', {
    overlap: quantity(parseDuration, durationWords, '2h'),
    traces: quantity(days, 'expected a duration of at least a day, such as "30d"', '30d'),
  }).prefault({}),
  psconfig: table('psconfig', {
    url: oneOrMore(location, 'expected URLs or names of files in quotes, several in []'),
    ca: z.string({ error: 'expected the name of a file in quotes' }).default(''),
    insecure: yesNo.default(false),
  }).prefault({}),
  mtr: table('mtr', {
    targets: fileName.default('targets.toml'),
    command: text('the name of a program in quotes').default('mtr'),
    ping: text('the name of a program in quotes').default('ping'),
    parallel: between(1, 1000).default(20),
    limit,
    source: z.string({ error: 'expected a host name in quotes' }).trim().default(''),
    import: oneOrMore(fileName, 'expected names of files in quotes, several in []'),
  }).prefault({}),
  site: table('site', { title: text('text in quotes').default('Routes of the mesh') }).prefault({}),
});

export type FileConfig = z.output<typeof fileSchema>;
