import { Resolver } from 'node:dns/promises';
import pLimit from 'p-limit';

/** How DNS is asked. */
export interface DnsOptions {
  /** Questions at a time. */
  readonly parallel: number;
  /** For one question, with one repetition. */
  readonly timeoutSeconds: number;
  /** Ends all of it: what has no answer by then counts as failed. */
  readonly signal: AbortSignal;
  /** `address` or `address:port` of the servers; null for those of this host. */
  readonly servers: readonly string[] | null;
}

/** The answer to a question: null when there certainly is none; `failed` when nobody could tell. */
export type DnsAnswer<Value> =
  | { readonly value: Value | null; readonly failed: false }
  | { readonly value: null; readonly failed: true };

/** Asks DNS one question for each of `keys`, many at once. Never throws for an answer that fails. */
export async function queryAll<Value>(
  keys: readonly string[],
  query: (resolver: Resolver, key: string) => Promise<Value | null>,
  { parallel, timeoutSeconds, signal, servers }: DnsOptions,
): Promise<Map<string, DnsAnswer<Value>>> {
  const resolver = new Resolver({ timeout: timeoutSeconds * 1000, tries: 2 });
  if (servers !== null) resolver.setServers(servers);
  const limit = pLimit(parallel);
  const cancel = () => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const answers = await limit.map([...new Set(keys)], async (key) => {
      const answer = signal.aborted ? unanswered : await toDnsAnswer(() => query(resolver, key));
      return [key, answer] as const;
    });
    return new Map(answers);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

const unanswered = { value: null, failed: true } as const;

/** What servers say when a name or a record of this kind does not exist. */
const definiteErrorCodes = new Set(['ENOTFOUND', 'ENODATA']);

async function toDnsAnswer<Value>(query: () => Promise<Value | null>): Promise<DnsAnswer<Value>> {
  try {
    return { value: await query(), failed: false };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return definiteErrorCodes.has(code) ? { value: null, failed: false } : unanswered;
  }
}
