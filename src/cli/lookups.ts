import type { Config } from '../config/load.ts';
import { ExpectedError } from '../lib/errors.ts';
import type { LookupAnswer, LookupKind } from '../model/lookup.ts';
import type { Problem } from '../model/problem.ts';
import { isPublic } from '../sources/asn/addressKey.ts';
import type { AsRecord } from '../sources/asn/asRecord.ts';
import type { DnsAnswer, DnsOptions } from '../sources/asn/dnsClient.ts';
import { localArchive } from '../sources/mtr/localTest.ts';
import type { Store } from '../store/store.ts';
import type { Session } from './session.ts';

const hour = 3600;
/** How long an answer holds, seconds: one that told something, one that certainly told nothing, and none at all. */
const holds = { told: 7 * 24 * hour, nothing: 24 * hour, failed: hour } as const;

/** More questions than this are left to the next run. */
const mostQuestions = 5000;
/** When none of the first few is answered, nobody is there to ask. */
const firstQuestions = 8;
/** For all questions of one run. */
const dnsLimitSeconds = 30;

/**
 * Looks up in the file of AS numbers what archives and mtr did not tell. A file that cannot be used is a problem, and the run goes
 * on without.
 */
export async function lookUpSystems(
  store: Store,
  { systems }: Config,
  { now, log }: Session,
): Promise<Problem[]> {
  if (systems.file === null) return [];
  const wanted = store.dueLookups('as', publicAddresses(store), now);
  if (wanted.length === 0) return [];
  let records: ReadonlyMap<string, AsRecord>;
  try {
    // Loaded where there is something to look up, as in few runs.
    const { asFileLookup } = await import('../sources/asn/asFile.ts');
    records = await asFileLookup(systems.file)(wanted);
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return [{ ...error.toProblem(), kind: 'misconfigured' }];
  }
  const answers = wanted.map((address) => asAnswer(address, found(records.get(address)), now));
  store.recordLookups('as', answers, now);
  log.info('AS numbers looked up', { asked: wanted.length, found: records.size });
  return [];
}

/**
 * Asks DNS for the names, and where the configuration says so for the AS numbers, that are still missing. For the end of a command:
 * nothing waits for the answers, the next pages have them. Never fails for what DNS does.
 */
export async function askDns(
  store: Store,
  { names, systems }: Pick<Config, 'names' | 'systems'>,
  session: Session,
): Promise<void> {
  const { now, signal } = session;
  const options: DnsOptions = {
    parallel: 32,
    timeoutSeconds: 2,
    signal: AbortSignal.any([signal, AbortSignal.timeout(dnsLimitSeconds * 1000)]),
    servers: names.servers.length === 0 ? null : names.servers,
  };
  if (names.of !== 'off') {
    const everyone = names.of === 'all' ? publicAddresses(store) : [];
    await ask('name', [...localAddresses(store), ...everyone], store, session, async (asked) => {
      const { reverseNames } = await import('../sources/asn/reverseNames.ts');
      const answers = await reverseNames(asked, options);
      return [...answers].map(([address, answer]) => nameAnswer(address, answer, now));
    });
  }
  if (systems.cymru) {
    await ask('as', publicAddresses(store), store, session, async (asked) => {
      const { cymruRecords } = await import('../sources/asn/cymru.ts');
      const answers = await cymruRecords(asked, options);
      return [...answers].map(([address, answer]) => asAnswer(address, answer, now));
    });
  }
  signal.throwIfAborted();
}

async function ask(
  kind: LookupKind,
  addresses: readonly string[],
  store: Store,
  { now, log }: Session,
  answersTo: (asked: readonly string[]) => Promise<LookupAnswer[]>,
): Promise<void> {
  const wanted = store.dueLookups(kind, addresses, now).slice(0, mostQuestions);
  for (const asked of [wanted.slice(0, firstQuestions), wanted.slice(firstQuestions)]) {
    if (asked.length === 0) return;
    const answers = await answersTo(asked);
    store.recordLookups(kind, answers, now);
    const failed = answers.filter(({ until }) => until === now + holds.failed).length;
    log.info('DNS asked', { kind, asked: asked.length, failed });
    if (failed === asked.length) return;
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

function found(record: AsRecord | undefined): DnsAnswer<AsRecord> {
  return { value: record ?? null, failed: false };
}

function asAnswer(address: string, answer: DnsAnswer<AsRecord>, now: number): LookupAnswer {
  const { asn = null, asName = null } = answer.value ?? {};
  return { address, hostname: null, asn, asName, until: until(answer, now) };
}

function nameAnswer(address: string, answer: DnsAnswer<string>, now: number): LookupAnswer {
  return { address, hostname: answer.value, asn: null, asName: null, until: until(answer, now) };
}

function until({ value, failed }: DnsAnswer<unknown>, now: number): number {
  return now + (failed ? holds.failed : value === null ? holds.nothing : holds.told);
}
