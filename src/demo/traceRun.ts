import { hourSeconds } from '../model/values/time.ts';
import type { DemoTest } from './demoMesh.ts';
import type { DemoInterface } from './demoNetwork.ts';
import { type Random, randomFrom } from './random.ts';
import type { DemoHop, DemoRoute } from './routing.ts';
import type { ScenarioTimeline } from './scenarioTimeline.ts';
import type { DemoRun } from './schedule.ts';

/** One ttl of a run. A silent hop has no values, except perhaps the MTU so far. */
export interface TracedHop {
  readonly address: string | null;
  readonly hostname: string | null;
  readonly as: DemoInterface['as'];
  readonly rttMs: number | null;
  /** Path MTU that tracepath knows at this hop, bytes. */
  readonly mtu: number | null;
  /** ICMP error in pScheduler's words. */
  readonly error: string | null;
}

/** The reply to a probe. */
interface ProbeReply {
  readonly hop: DemoHop;
  readonly error: string | null;
  readonly waitMs: number;
}

const maxTtl = 30;

/** Time until a gateway reports a dead host as unreachable. */
const resolutionMs = 3060;

/**
 * Traces one run over its possible routes: one probe per ttl, each of its own flow
 * (paris-traceroute: all of one flow). It ends at the destination, at an ICMP error, or at the
 * largest ttl.
 */
export function traceRun(
  test: DemoTest,
  run: DemoRun,
  routes: readonly DemoRoute[],
  timeline: ScenarioTimeline,
): TracedHop[] {
  const random = randomFrom(run.seed);
  const namesWork = random() < 0.996;
  const load = dailyLoad(run.startedAt);
  const condition = destinationCondition(test, run, timeline);
  const flow = random();
  const hops: TracedHop[] = [];
  let mtu: number | null = null;
  for (let ttl = 1; ttl <= maxTtl; ttl++) {
    const probeFlow = random();
    const share = test.tool === 'paris-traceroute' ? flow : probeFlow;
    const route = routes[Math.floor(share * routes.length)]?.hops ?? [];
    const reply = replyTo(route, ttl, condition);
    if (reply === null || random() >= reply.hop.node.answers) {
      hops.push(silentHop(mtu));
      continue;
    }
    if (test.tool === 'tracepath') mtu = reply.hop.mtu;
    hops.push(toTracedHop(reply, mtu, { test, load, namesWork, random }));
    if (reply.error !== null || reply.hop.node.site !== null) break;
  }
  return hops;
}

type DestinationCondition = 'open' | 'filtered' | 'prohibited' | 'unreachable' | 'lost';

/** The condition of the destination for a run. */
function destinationCondition(
  test: DemoTest,
  run: DemoRun,
  timeline: ScenarioTimeline,
): DestinationCondition {
  const { source, destination, family } = test;
  const prohibits = destination.prohibits ?? [];
  if (prohibits.some((rule) => rule.source === source.id && rule.family === family)) {
    return 'prohibited';
  }
  if (destination.filtered) return 'filtered';
  if (timeline.hostEvent('host-down', destination.id, run.startedAt)) return 'unreachable';
  const down = timeline.hostEvent('family-down', destination.id, run.startedAt);
  return down?.family === family ? 'lost' : 'open';
}

function replyTo(
  route: readonly DemoHop[],
  ttl: number,
  condition: DestinationCondition,
): ProbeReply | null {
  const destination = route.at(-1);
  const hop = route[ttl - 1] ?? destination;
  if (hop === undefined) return null;
  if (condition === 'prohibited' && hop.node.network === destination?.node.network) {
    const border = route.find((candidate) => candidate.node.network === hop.node.network) ?? hop;
    return { hop: border, error: 'communication-administratively-prohibited', waitMs: 0 };
  }
  if (hop !== destination || condition === 'open') return { hop, error: null, waitMs: 0 };
  const gateway = route.at(-2);
  if (condition !== 'unreachable' || gateway === undefined) return null;
  return { hop: gateway, error: 'host-unreachable', waitMs: resolutionMs };
}

/** The circumstances of a run. */
interface RunContext {
  readonly test: DemoTest;
  /** Load of the network, 0 to 1. */
  readonly load: number;
  /** Whether the tool can look up names. */
  readonly namesWork: boolean;
  readonly random: Random;
}

function toTracedHop(
  reply: ProbeReply,
  mtu: number | null,
  { test, load, namesWork, random }: RunContext,
): TracedHop {
  const { address, hostname, as } = reply.hop.interface;
  const isNamed = namesWork && random() < 0.985;
  const rttMs = measuredRtt(reply.hop, load, random) + reply.waitMs;
  return {
    address,
    hostname: isNamed ? spelledName(hostname, test) : null,
    as: random() < 0.995 ? as : null,
    rttMs: test.tool === 'traceroute' ? cutToTenths(rttMs) : toMicroseconds(rttMs),
    mtu,
    error: reply.error,
  };
}

function silentHop(mtu: number | null): TracedHop {
  return { address: null, hostname: null, as: null, rttMs: null, mtu, error: null };
}

function spelledName(hostname: string | null, test: DemoTest): string | null {
  return hostname !== null && test.source.dottedNames ? `${hostname}.` : hostname;
}

/** Load of the network, 0 to 1: highest at 14:00 UTC, lowest at 02:00. */
function dailyLoad(time: number): number {
  return 0.5 - 0.5 * Math.cos((2 * Math.PI * (time / hourSeconds - 2)) / 24);
}

/** Adds the delay of queues, and sometimes that of a busy router or host. */
function measuredRtt(hop: DemoHop, load: number, random: Random): number {
  const jitterMs = exponential(random, 0.03 + 0.25 * load);
  const queueMs = hop.queueMs === 0 ? 0 : hop.queueMs * (0.8 + 0.4 * random());
  const isHost = hop.node.site !== null;
  const isBusy = random() < (isHost ? 0.007 : 0.03);
  const busyMs = isBusy ? exponential(random, isHost ? 4 : 12) : 0;
  return hop.rttMs * (1 + 0.006 * load) + jitterMs + queueMs + busyMs;
}

function exponential(random: Random, mean: number): number {
  return -mean * Math.log(1 - random());
}

/**
 * As pScheduler's traceroute reports: truncated to 0.1 ms, in seconds, then times 1000, with its
 * rounding noise.
 */
function cutToTenths(ms: number): number {
  return (Math.floor(ms * 10) / 10_000) * 1000;
}

/** As its other tools report: six decimals of a second. */
function toMicroseconds(ms: number): number {
  return (Math.round(ms * 1000) / 1_000_000) * 1000;
}
