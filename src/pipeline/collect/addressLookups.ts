import type { Config } from '../../config/load.ts';
import { ExpectedError } from '../../lib/errors.ts';
import type { LookupKind, LookupResult } from '../../model/lookup.ts';
import type { Problem } from '../../model/problem.ts';
import { isPublic } from '../../sources/asn/addressKey.ts';
import type { AsRecord } from '../../sources/asn/asRecord.ts';
import type { DnsAnswer, DnsOptions } from '../../sources/asn/dnsClient.ts';
import { localArchive } from '../../sources/mtr/localTest.ts';
import type { Store } from '../../store/store.ts';
import type { Session } from '../session.ts';

const hour = 3600;
/** How long an answer holds, seconds: one that told something, one that certainly told nothing, and none at all. */
const answerTtlSeconds = { found: 7 * 24 * hour, empty: 24 * hour, failed: hour } as const;

/** More questions than this are left to the next run. */
const maxQueries = 5000;
/** When none of the first few is answered, nobody is there to ask. */
const trialQueries = 8;
/** For all questions of one run. */
const dnsTimeLimitSeconds = 30;

/**
 * Looks up in the file of AS numbers what archives and mtr did not tell. A file that cannot be used is a problem, and the run goes
 * on without.
 */
export async function lookUpAsNumbers(
  store: Store,
  { asLookup }: Config,
  { now, log }: Session,
): Promise<Problem[]> {
  if (asLookup.file === null) return [];
  const due = store.dueLookups('as', publicAddresses(store), now);
  if (due.length === 0) return [];
  let records: ReadonlyMap<string, AsRecord>;
  try {
    // Loaded where there is something to look up, as in few runs.
    const { asFileLookup } = await import('../../sources/asn/asFile.ts');
    records = await asFileLookup(asLookup.file)(due);
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return [{ ...error.toProblem(), kind: 'misconfigured' }];
  }
  const answers = due.map((address) => toAsAnswer(address, toDnsAnswer(records.get(address)), now));
  store.recordLookups('as', answers, now);
  log.info('AS numbers looked up', { asked: due.length, found: records.size });
  return [];
}

/**
 * Asks DNS for the names, and where the configuration says so for the AS numbers, that are still missing. For the end of a command:
 * nothing waits for the answers, the next pages have them. Never fails for what DNS does.
 */
export async function queryDns(
  store: Store,
  { dns, asLookup }: Pick<Config, 'dns' | 'asLookup'>,
  session: Session,
): Promise<void> {
  const { now, signal } = session;
  const options: DnsOptions = {
    parallel: 32,
    timeoutSeconds: 2,
    signal: AbortSignal.any([signal, AbortSignal.timeout(dnsTimeLimitSeconds * 1000)]),
    servers: dns.servers.length === 0 ? null : dns.servers,
  };
  if (dns.names !== 'off') {
    const archiveAddresses = dns.names === 'all' ? publicAddresses(store) : [];
    await queryMissing(
      'name',
      [...localAddresses(store), ...archiveAddresses],
      store,
      session,
      async (queried) => {
        const { lookUpReverseNames } = await import('../../sources/asn/reverseNames.ts');
        const answers = await lookUpReverseNames(queried, options);
        return [...answers].map(([address, answer]) => toNameAnswer(address, answer, now));
      },
    );
  }
  if (asLookup.cymru) {
    await queryMissing('as', publicAddresses(store), store, session, async (queried) => {
      const { lookUpCymru } = await import('../../sources/asn/cymru.ts');
      const answers = await lookUpCymru(queried, options);
      return [...answers].map(([address, answer]) => toAsAnswer(address, answer, now));
    });
  }
  signal.throwIfAborted();
}

async function queryMissing(
  kind: LookupKind,
  addresses: readonly string[],
  store: Store,
  { now, log }: Session,
  query: (queried: readonly string[]) => Promise<LookupResult[]>,
): Promise<void> {
  const due = store.dueLookups(kind, addresses, now).slice(0, maxQueries);
  for (const queried of [due.slice(0, trialQueries), due.slice(trialQueries)]) {
    if (queried.length === 0) return;
    const answers = await query(queried);
    store.recordLookups(kind, answers, now);
    const failed = answers.filter(({ until }) => until === now + answerTtlSeconds.failed).length;
    log.info('DNS asked', { kind, asked: queried.length, failed });
    if (failed === queried.length) return;
  }
}

/** What can be announced to all; anything else means another machine at every site. */
function publicAddresses(store: Store): string[] {
  return [...store.responders().keys()].filter(isPublic);
}

/** Addresses on the newest paths that were measured from here or came as files, which seldom bring names. */
function localAddresses(store: Store): string[] {
  const tests = store.tests().filter(({ archive }) => archive === localArchive);
  const traces = tests.flatMap(({ id, newestTraceAt }) =>
    newestTraceAt === null
      ? []
      : store.traces(id, { from: newestTraceAt - hour, to: newestTraceAt }),
  );
  return traces.flatMap(({ route }) => route.hops.flatMap(({ addresses }) => addresses));
}

function toDnsAnswer(record: AsRecord | undefined): DnsAnswer<AsRecord> {
  return { value: record ?? null, failed: false };
}

function toAsAnswer(address: string, answer: DnsAnswer<AsRecord>, now: number): LookupResult {
  const { asn = null, asName = null } = answer.value ?? {};
  return { address, hostname: null, asn, asName, until: expiresAt(answer, now) };
}

function toNameAnswer(address: string, answer: DnsAnswer<string>, now: number): LookupResult {
  return {
    address,
    hostname: answer.value,
    asn: null,
    asName: null,
    until: expiresAt(answer, now),
  };
}

function expiresAt({ value, failed }: DnsAnswer<unknown>, now: number): number {
  return (
    now +
    (failed
      ? answerTtlSeconds.failed
      : value === null
        ? answerTtlSeconds.empty
        : answerTtlSeconds.found)
  );
}
