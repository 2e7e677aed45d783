import type { Config } from '../../config/load.ts';
import { ExpectedError } from '../../lib/errors.ts';
import type { Problem } from '../../model/run/problem.ts';
import { isGlobalAddress } from '../../model/trace/addressKinds.ts';
import type { LookupKind, LookupResult } from '../../model/trace/lookup.ts';
import { daySeconds, hourSeconds } from '../../model/values/time.ts';
import type { AsRecord } from '../../sources/asn/asRecord.ts';
import type { DnsAnswer, DnsOptions } from '../../sources/asn/dnsClient.ts';
import { localArchive } from '../../sources/mtr/localTest.ts';
import type { Store } from '../../store/store.ts';
import type { Session } from '../session.ts';

/** How long results stay valid, seconds: with a value, without one, and after a failed query. */
const answerTtlSeconds = { found: 7 * daySeconds, empty: daySeconds, failed: hourSeconds } as const;

/** Queries of one run, at most; the next run does the rest. */
const maxQueries = 5000;
/** If all of the first few queries fail, the name server is unreachable. */
const trialQueries = 8;
/** Limit for all queries of one run. */
const dnsTimeLimitSeconds = 30;
const parallelQueries = 32;
const queryTimeoutSeconds = 2;

/**
 * Looks up missing AS numbers in the file of the configuration. Returns an unusable file as a
 * problem.
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
    // Loaded on demand: few runs have anything to look up.
    const { asFileLookup } = await import('../../sources/asn/asFile.ts');
    records = await asFileLookup(asLookup.file)(due);
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return [{ ...error.toProblem(), kind: 'misconfigured' }];
  }
  const answers = due.map((address) => toAsAnswer(address, toDnsAnswer(records.get(address)), now));
  store.recordLookups('as', answers, now);
  log.info('AS numbers looked up', { queried: due.length, found: records.size });
  return [];
}

/**
 * Queries DNS for missing names and, if configured, missing AS numbers. Runs at the end of a
 * command, because only later pages show the results. Does not throw for DNS errors.
 */
export async function queryDns(
  store: Store,
  { dns, asLookup }: Pick<Config, 'dns' | 'asLookup'>,
  session: Session,
): Promise<void> {
  const { now, signal } = session;
  const options: DnsOptions = {
    parallel: parallelQueries,
    timeoutSeconds: queryTimeoutSeconds,
    signal: AbortSignal.any([signal, AbortSignal.timeout(dnsTimeLimitSeconds * 1000)]),
    servers: dns.servers.length === 0 ? null : dns.servers,
  };
  if (dns.names !== 'off') {
    const archiveAddresses = dns.names === 'all' ? publicAddresses(store) : [];
    const addresses = [...localAddresses(store), ...archiveAddresses];
    await queryMissing('name', addresses, store, session, async (queried) => {
      const { lookUpReverseNames } = await import('../../sources/asn/reverseNames.ts');
      const answers = await lookUpReverseNames(queried, options);
      return [...answers].map(([address, answer]) => toNameAnswer(address, answer, now));
    });
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

/**
 * Queries the addresses without a valid result, the first few as a trial, and stores the results.
 */
async function queryMissing(
  kind: LookupKind,
  addresses: readonly string[],
  store: Store,
  { now, log, clock }: Session,
  query: (queried: readonly string[]) => Promise<LookupResult[]>,
): Promise<void> {
  const due = store.dueLookups(kind, addresses, now).slice(0, maxQueries);
  for (const queried of [due.slice(0, trialQueries), due.slice(trialQueries)]) {
    if (queried.length === 0) return;
    const answers = await query(queried);
    // Later than the run, whose pages are written: they lack the results.
    store.recordLookups(kind, answers, clock());
    const failed = answers.filter(({ until }) => until === now + answerTtlSeconds.failed).length;
    log.info('DNS queried', { kind, queried: queried.length, failed });
    if (failed === queried.length) return;
  }
}

/** Globally routable addresses; all others mean a different device at each site. */
function publicAddresses(store: Store): string[] {
  return store
    .responders()
    .stated.map(({ address }) => address)
    .filter(isGlobalAddress);
}

/**
 * Addresses on the newest routes of measured and imported tests, whose results rarely contain
 * names.
 */
function localAddresses(store: Store): string[] {
  const tests = store.tests().filter(({ archive }) => archive === localArchive);
  const traces = tests.flatMap(({ id, newestTraceAt }) =>
    newestTraceAt === null
      ? []
      : store.traces(id, { from: newestTraceAt - hourSeconds, to: newestTraceAt }),
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
  if (failed) return now + answerTtlSeconds.failed;
  return now + (value === null ? answerTtlSeconds.empty : answerTtlSeconds.found);
}
