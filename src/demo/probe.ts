import type { DemoTest } from './mesh.ts';
import type { Interface } from './network.ts';
import { type Random, randomFrom } from './random.ts';
import type { Path, PathHop } from './routing.ts';
import type { Run } from './schedule.ts';
import type { Timeline } from './timeline.ts';

/** What a tool saw at one ttl. A silent hop has no address, and nothing else but perhaps the MTU carried on. */
export interface TracedHop {
  readonly address: string | null;
  readonly hostname: string | null;
  readonly as: Interface['as'];
  readonly rttMs: number | null;
  /** Path MTU as tracepath knows it so far, bytes. */
  readonly mtu: number | null;
  /** ICMP error in pScheduler's words. */
  readonly error: string | null;
}

/** Who would answer a probe, and how. */
interface Answer {
  readonly hop: PathHop;
  readonly error: string | null;
  readonly waitMs: number;
}

const maxTtl = 30;

/** How long a gateway looks for a dead host before it reports it unreachable. */
const resolutionMs = 3060;

/**
 * Traces one run along the ways that are open to it: a probe per ttl, each a flow of its own (one flow for all with
 * paris-traceroute), ending where the destination answers, where an ICMP error comes back, or at ttl 30.
 */
export function traceRun(
  test: DemoTest,
  run: Run,
  paths: readonly Path[],
  timeline: Timeline,
): TracedHop[] {
  const random = randomFrom(run.seed);
  const namesWork = random() < 0.996;
  const load = dailyLoad(run.startedAt);
  const fate = fateOf(test, run, timeline);
  const flow = random();
  const hops: TracedHop[] = [];
  let mtu: number | null = null;
  for (let ttl = 1; ttl <= maxTtl; ttl++) {
    const probeFlow = random();
    const share = test.tool === 'paris-traceroute' ? flow : probeFlow;
    const path = paths[Math.floor(share * paths.length)]?.hops ?? [];
    const answer = answerTo(path, ttl, fate);
    if (answer === null || random() >= answer.hop.node.answers) {
      hops.push(silentHop(mtu));
      continue;
    }
    if (test.tool === 'tracepath') mtu = answer.hop.mtu;
    hops.push(reply(test, answer, mtu, load, namesWork, random));
    if (answer.error !== null || answer.hop.node.site !== null) break;
  }
  return hops;
}

type Fate = 'open' | 'filtered' | 'prohibited' | 'unreachable' | 'lost';

/** What awaits the run's probes at the destination's site. */
function fateOf(test: DemoTest, run: Run, timeline: Timeline): Fate {
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

function answerTo(path: readonly PathHop[], ttl: number, fate: Fate): Answer | null {
  const destination = path.at(-1);
  const hop = path[ttl - 1] ?? destination;
  if (hop === undefined) return null;
  if (fate === 'prohibited' && hop.node.network === destination?.node.network) {
    const border = path.find((candidate) => candidate.node.network === hop.node.network) ?? hop;
    return { hop: border, error: 'communication-administratively-prohibited', waitMs: 0 };
  }
  if (hop !== destination || fate === 'open') return { hop, error: null, waitMs: 0 };
  const gateway = path.at(-2);
  if (fate !== 'unreachable' || gateway === undefined) return null;
  return { hop: gateway, error: 'host-unreachable', waitMs: resolutionMs };
}

function reply(
  test: DemoTest,
  answer: Answer,
  mtu: number | null,
  load: number,
  namesWork: boolean,
  random: Random,
): TracedHop {
  const { address, hostname, as } = answer.hop.interface;
  const isNamed = namesWork && random() < 0.985;
  const rttMs = measuredRtt(answer.hop, load, random) + answer.waitMs;
  return {
    address,
    hostname: isNamed ? spelt(hostname, test) : null,
    as: random() < 0.995 ? as : null,
    rttMs: test.tool === 'traceroute' ? cutToTenths(rttMs) : toMicroseconds(rttMs),
    mtu,
    error: answer.error,
  };
}

function silentHop(mtu: number | null): TracedHop {
  return { address: null, hostname: null, as: null, rttMs: null, mtu, error: null };
}

function spelt(hostname: string | null, test: DemoTest): string | null {
  return hostname !== null && test.source.dottedNames ? `${hostname}.` : hostname;
}

/** Load of the network, 0 to 1: highest at 14 h UTC, lowest at 2 h. */
function dailyLoad(time: number): number {
  return 0.5 - 0.5 * Math.cos((2 * Math.PI * (time / 3600 - 2)) / 24);
}

/** Queues on the way, and now and then a router whose slow path is busy or a host that is. */
function measuredRtt(hop: PathHop, load: number, random: Random): number {
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

/** As pScheduler's traceroute reports: cut to 0.1 ms, in seconds, then times 1000, with the noise that leaves. */
function cutToTenths(ms: number): number {
  return (Math.floor(ms * 10) / 10_000) * 1000;
}

/** As its other tools report: six decimals of a second. */
function toMicroseconds(ms: number): number {
  return (Math.round(ms * 1000) / 1_000_000) * 1000;
}
