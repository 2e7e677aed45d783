import { Resolver } from 'node:dns/promises';
import pLimit from 'p-limit';

/** How to query DNS. */
export interface DnsOptions {
  /** Parallel queries. */
  readonly parallel: number;
  /** Longest wait for a response; each query has one retry. */
  readonly timeoutSeconds: number;
  /** Cancels all queries. Those without a response then count as failed. */
  readonly signal: AbortSignal;
  /** `address` or `address:port` of the servers; null for the host's own. */
  readonly servers: readonly string[] | null;
}

/** The answer to a query: null if it definitely has none; `failed` without a definite response. */
export type DnsAnswer<Value> =
  | { readonly value: Value | null; readonly failed: false }
  | { readonly value: null; readonly failed: true };

/** Sends one query for each of `keys`, in parallel. Failed queries do not throw. */
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

/** Responses of servers if a name, or a record of this type, does not exist. */
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
