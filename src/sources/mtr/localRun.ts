import { isGenericHostName } from '../../lib/hostName.ts';
import { familyOf } from '../../lib/ip.ts';
import type { Family, ProbeProtocol } from '../../model/test.ts';
import type { Failure, Responder, Route, Trace } from '../../model/trace.ts';
import type { TestDescription } from '../types.ts';
import { createTrace } from './createTrace.ts';
import { createLocalTest } from './localTest.ts';
import { findRouteEnd } from './routeEnd.ts';
import type { HopRow, RunDocument } from './runDocument.ts';
import type { RunEnd } from './runEnd.ts';

/** Facts that the output of a run lacks, or that other sources state better. */
export interface LocalRunFacts {
  readonly source: RunEnd;
  /** null: the target is the host at the end of the route. */
  readonly destination: RunEnd | null;
  /** Epoch seconds. */
  readonly startedAt: number;
  /** For runs without addresses. */
  readonly family: Family;
  readonly protocol: ProbeProtocol;
  readonly port: number | null;
  readonly packetBytes: string | null;
  readonly label: string | null;
}

/** One run for the store: a trace, or a failure if no probe was answered. */
export interface LocalRun {
  readonly test: TestDescription;
  readonly trace: Trace | null;
  readonly failure: Failure | null;
  readonly responders: ReadonlyMap<string, Responder>;
}

/** The error of a run without replies. */
export const noReplyError = 'no replies, not even from the first router';

/** Converts a document to a run; to a fault if the target is unknown. */
export function createLocalRun(
  document: RunDocument,
  facts: LocalRunFacts,
  intern: (route: Route) => Route,
): LocalRun | string {
  const { reached: reportedReached, tool } = document;
  const hops = withoutOwnAnswers(document.hops, facts);
  const end = findRouteEnd(hops, facts.destination, reportedReached);
  const routeHops = hops.slice(0, end.index + 1);
  const destination = facts.destination ?? (end.reached ? hostOf(routeHops.at(-1)) : null);
  if (destination === null) return 'it names no target, and its route does not end at one';
  const family = familyOfRun(destination, routeHops) ?? facts.family;
  const test = createLocalTest({ ...facts, destination, tool, family });
  if (end.index === -1) {
    const failure = { at: facts.startedAt, error: noReplyError };
    return { test, trace: null, failure, responders: new Map() };
  }
  const knownHops = end.reached ? withDestinationAddress(routeHops, destination) : routeHops;
  const route = { hops: knownHops, reached: end.reached, pathMtu: document.pathMtu };
  const trace = createTrace(facts.startedAt, route, intern);
  return { test, trace, failure: null, responders: respondersOf(knownHops) };
}

/**
 * Hops without the replies of the measuring host: its kernel sends ICMP errors to itself if a
 * neighbor does not answer ARP or neighbor discovery.
 */
function withoutOwnAnswers(
  hops: readonly HopRow[],
  { source, destination }: LocalRunFacts,
): readonly HopRow[] {
  const ownAddress = source.address;
  if (ownAddress === null || ownAddress === destination?.address) return hops;
  if (!hops.some(({ answers }) => answers.some(({ address }) => address === ownAddress)))
    return hops;
  return hops.map((hop) => ({
    ...hop,
    answers: hop.answers.filter(({ address }) => address !== ownAddress),
  }));
}

function hostOf(hop: HopRow | undefined): RunEnd | null {
  const [answer] = hop?.answers ?? [];
  if (answer === undefined) return null;
  const { address, name } = answer;
  return address === null ? { address, name } : { address, name: null };
}

/** Adds the address to a last host that is the destination, if the output has only its name. */
function withDestinationAddress(hops: readonly HopRow[], { address }: RunEnd): readonly HopRow[] {
  const last = hops.at(-1);
  const [answer, ...others] = last?.answers ?? [];
  if (last === undefined || answer === undefined || others.length > 0) return hops;
  if (answer.address !== null || address === null) return hops;
  return [...hops.slice(0, -1), { ...last, answers: [{ ...answer, address }] }];
}

function familyOfRun({ address }: RunEnd, hops: readonly HopRow[]): Family | null {
  const answers = hops.flatMap((hop) => hop.answers);
  const known = address ?? answers.find((answer) => answer.address !== null)?.address ?? null;
  return known === null ? null : familyOf(known);
}

function respondersOf(hops: readonly HopRow[]): Map<string, Responder> {
  const responders = new Map<string, Responder>();
  for (const { address, name, asn } of hops.flatMap(({ answers }) => answers)) {
    if (address === null) continue;
    const before = responders.get(address);
    const hostname = name !== null && !isGenericHostName(name) ? name : (before?.hostname ?? null);
    responders.set(address, { address, hostname, asn: asn ?? before?.asn ?? null, asName: null });
  }
  return responders;
}
