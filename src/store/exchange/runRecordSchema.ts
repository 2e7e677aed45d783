import { z } from 'zod';

const count = z.number().min(0);

const problem = z.object({
  kind: z.enum([
    'unreachable',
    'invalid-response',
    'not-found',
    'misconfigured',
    'store',
    'delivery',
  ]),
  subject: z.string(),
  message: z.string(),
  remedy: z.string().nullable(),
});

const archiveRun = z.object({
  archive: z.string(),
  url: z.string(),
  ok: z.boolean(),
  testsListed: count,
  tracesRead: count,
  tracesNew: count,
  requests: count,
  bytes: count,
  seconds: count,
});

/** A `Run` of the model. */
export const runSchema = z.object({
  startedAt: count,
  finishedAt: count.nullable(),
  outcome: z.enum(['ok', 'partial', 'failed']).nullable(),
  window: z.object({ from: z.number(), to: z.number() }),
  version: z.string(),
  archives: z.array(archiveRun),
  pagesWritten: count,
  pagesUnchanged: count,
  problems: z.array(problem),
});
