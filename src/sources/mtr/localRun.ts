import { isGenericHostName } from '../../lib/hostName.ts';
import type { Family, ProbeProtocol } from '../../model/test/test.ts';
import { familyOf } from '../../model/trace/addressKinds.ts';
import type { FailureReason } from '../../model/trace/failureReason.ts';
import type { Failure, Responder, Route, Trace } from '../../model/trace/trace.ts';
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
export const noReplyError: FailureReason = 'no replies, not even from the first router';

/** Converts a document to a run; to a fault if the target is unknown. */
export function createLocalRun(
  document: RunDocument,
  facts: LocalRunFacts,
  intern: (route: Route) => Route,
): LocalRun | string {
  const { reached: reportedReached, mayBeCut, tool } = document;
  const hops = withArrivals(withoutOwnAnswers(document.hops, facts), facts);
  const end = findRouteEnd(hops, facts.destination, reportedReached);
  const routeHops = hops.slice(0, end.index + 1);
  const destination = facts.destination ?? (end.reached ? hostOf(routeHops.at(-1)) : null);
  if (destination === null) return 'it names no target, and its route does not end at one';
  if (mayBeCut && !end.reached)
    return 'it has no heading, and its route does not end at the target';
  const family = familyOfRun(destination, routeHops) ?? facts.family;
  const named = {
    ...destination,
    address: destination.address ?? addressNamed(destination, routeHops),
  };
  const test = createLocalTest({ ...facts, destination: named, tool, family });
  if (end.index === -1) {
    const failure = { at: facts.startedAt, error: noReplyError };
    return { test, trace: null, failure, responders: new Map() };
  }
  const knownHops = end.reached ? withDestination(routeHops, destination) : routeHops;
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

/** Errors of a host that received the probe, but has no use for it. */
const arrivalErrors = new Set<string | null>(['protocol-unreachable', 'port-unreachable']);

/** Hops without the errors by which the destination itself replies. */
function withArrivals(hops: readonly HopRow[], { destination }: LocalRunFacts): readonly HopRow[] {
  if (!hops.some(({ error }) => arrivalErrors.has(error))) return hops;
  const isArrival = ({ answers, error }: HopRow) =>
    arrivalErrors.has(error) &&
    answers.length > 0 &&
    answers.every(({ address, name }) =>
      address === null || destination?.address === null
        ? name !== null && name === destination?.name
        : address === destination?.address,
    );
  return hops.map((hop) => (isArrival(hop) ? { ...hop, error: null } : hop));
}

/** The address of the last host, if it has the name of the destination. */
function addressNamed({ name }: RunEnd, hops: readonly HopRow[]): string | null {
  const answer = hops.at(-1)?.answers.find((one) => one.name !== null && one.name === name);
  return answer?.address ?? null;
}

function hostOf(hop: HopRow | undefined): RunEnd | null {
  const [answer] = hop?.answers ?? [];
  if (answer === undefined) return null;
  const { address, name } = answer;
  // A truncated name names no target.
  if (address === null && (name === null || name.endsWith('…'))) return null;
  return address === null ? { address, name } : { address, name: null };
}

/** Completes a last host that is the destination, if the output has only its name or less. */
function withDestination(hops: readonly HopRow[], destination: RunEnd): readonly HopRow[] {
  const last = hops.at(-1);
  const [answer, ...others] = last?.answers ?? [];
  if (last === undefined || answer === undefined || others.length > 0) return hops;
  if (answer.address !== null) return hops;
  const { address } = destination;
  const completed = { ...answer, address, name: answer.name ?? destination.name };
  return [...hops.slice(0, -1), { ...last, answers: [completed] }];
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
