import type { DetectionState } from '../../../../src/analysis/detection/detectionState.ts';
import { createDetectionState, stepDetection } from '../../../../src/analysis/detection/step.ts';
import { restoreState, serializeState } from '../../../../src/analysis/detection/storedState.ts';
import type { Change } from '../../../../src/model/change/change.ts';
import type { Responder, Trace } from '../../../../src/model/trace/trace.ts';

/**
 * A scenario is a text that network engineers can read:
 *
 *     # A router that stops answering is not a route change.
 *     usual  40  a b c D
 *     mute   60  a * c D
 *     expect nothing
 *
 * A phase has a name, a number of traces and its hops; traces are 10 minutes apart. `D` is the
 * destination, `*` silence. `b?60` answers 60 times of 100; `{b|c}` is one or the other,
 * `{b:96|c:4}` with weights, `{b c|e}` paths of different length; `!x` answers with an ICMP error.
 * `b.ams` is router b in ams, `b/64500` in that AS, `b.ams/64500` both; the default is AS 64496, and
 * `b/0` is in an unknown one.
 * `b.ams@other` has a name in the domain `other.example`. `b=1.ams` is interface 1 of the same
 * router b, `b~` the same without its name this time. A hop takes 5 ms more than the one before it.
 * `+14ms` at the end of a phase adds 14 ms to all of them; `mtu 1400`, `every 60 min`, `every 5 s` and `after 3
 * h` set the MTU, the spacing and a pause. `expect CLASS in PHASE at N [VERDICT] [daily]`: reported at
 * the Nth trace of the phase, as a part of a daily rhythm; `expect nothing`: no other report.
 */
export interface Scenario {
  readonly title: string;
  readonly phases: readonly Phase[];
  readonly expected: readonly string[];
}

interface Phase {
  readonly name: string;
  readonly traces: number;
  readonly hops: readonly string[];
  readonly extraMs: number;
  readonly mtu: number | null;
  readonly stepSeconds: number;
  readonly pauseSeconds: number;
}

/** Reads a scenario; throws for a line that it does not understand. */
export function readScenario(text: string): Scenario {
  const lines = text.split('\n').map((line) => line.trim());
  const title =
    lines
      .find((line) => line.startsWith('#'))
      ?.slice(1)
      .trim() ?? '';
  const body = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const expected = body
    .filter((line) => line.startsWith('expect'))
    .map((line) => line.replace(/^expect\s+/, '').replace(/\s+/g, ' '))
    .filter((line) => line !== 'nothing');
  return {
    title,
    phases: body.filter((line) => !line.startsWith('expect')).map(readPhase),
    expected,
  };
}

function readPhase(line: string): Phase {
  const match = /^(\S+)\s+(\d+)\s+(.*)$/.exec(line);
  if (match === null) throw new Error(`not a phase: ${line}`);
  let rest = match[3] as string;
  const take = (pattern: RegExp): number | null => {
    const found = pattern.exec(rest);
    if (found === null) return null;
    rest = rest.replace(found[0], '');
    return Number(found[1]);
  };
  const extraMs = take(/\s\+?(-?[\d.]+)ms/) ?? 0;
  const mtu = take(/\smtu (\d+)/);
  const stepSeconds = take(/\severy (\d+) s\b/) ?? 60 * (take(/\severy (\d+) min/) ?? 10);
  const pauseSeconds = 3600 * (take(/\safter (\d+) h/) ?? 0);
  const hops = rest.match(/\{[^}]*\}\S*|\S+/g) ?? [];
  return {
    name: match[1] as string,
    traces: Number(match[2]),
    hops,
    extraMs,
    mtu,
    stepSeconds,
    pauseSeconds,
  };
}

/** One report in the words of the scenario, and its change. */
export interface FoundChange {
  readonly text: string;
  readonly change: Change;
}

/** The state with which the next run continues. */
export function restarted(state: DetectionState): DetectionState {
  return restoreState(JSON.parse(JSON.stringify(serializeState(state)))) as DetectionState;
}

/** Plays a scenario; a change within a site is left out, as it is from mail. */
export function play(scenario: Scenario, seed = 1): FoundChange[] {
  const random = generator(seed);
  const responders = new Map<string, Responder>();
  const found: FoundChange[] = [];
  let state = createDetectionState('test', destination);
  let at = 1_700_000_000;
  for (const phase of scenario.phases) {
    at += phase.pauseSeconds;
    for (let index = 1; index <= phase.traces; index++) {
      at += phase.stepSeconds;
      const stepped = stepDetection(state, traceOf(phase, at, random, responders), responders);
      state = restarted(stepped.state);
      for (const event of stepped.events) {
        if (event.kind !== 'change' || event.change.class === 'same_site') continue;
        const { change } = event;
        const verdict = change.class === 'recovered' ? '' : ` ${change.verdict.effect}`;
        const daily = change.step?.daily ? ' daily' : '';
        found.push({
          text: `${change.class} in ${phase.name} at ${index}${verdict}${daily}`,
          change,
        });
      }
    }
  }
  return found;
}

/** The destination of every scenario. */
export const destination = '203.0.113.1';

/** A trace of a phase at a time. */
export function traceOf(
  phase: Phase,
  at: number,
  random: () => number,
  responders: Map<string, Responder>,
): Trace {
  const tokens = phase.hops.flatMap((hop) => choose(hop, random));
  const hops = tokens.map((token, index) => hopOf(token, index + 1, random, responders));
  while (hops.length > 0 && hops.at(-1)?.addresses.length === 0) hops.pop();
  const last = hops.at(-1);
  const reached = last?.addresses[0] === destination && last.error === null;
  const rttMs = hops.flatMap((hop) =>
    hop.addresses.map(() => microseconds(5 * hop.ttl + phase.extraMs + 0.2 * random())),
  );
  return {
    startedAt: at,
    route: { hops, reached, pathMtu: phase.mtu },
    rttMs,
    probes: null,
  };
}

/** A time in ms, as exact as tools report it. */
function microseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function choose(hop: string, random: () => number): string[] {
  if (!hop.startsWith('{')) return [hop];
  const options = hop.slice(1, -1).split('|');
  const weights = options.map((option) => Number(/:(\d+)$/.exec(option)?.[1] ?? 1));
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
  const index = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  const option = options[Math.max(0, index)] as string;
  return option.replace(/:\d+$/, '').trim().split(/\s+/);
}

function hopOf(
  token: string,
  ttl: number,
  random: () => number,
  responders: Map<string, Responder>,
): Trace['route']['hops'][number] {
  const match =
    /^(!)?([A-Za-z]\w*)(?:=(\d+))?(\.\w+)?(?:@(\w+))?(~)?(?:\/(\d+))?(?:\?(\d+))?$/.exec(token);
  const answers = match !== null && random() * 100 < Number(match[8] ?? 100);
  if (match === null || !answers) return { ttl, addresses: [], mtu: null, error: null };
  const [, failed, name = '', port = '0', site, domain, unnamed, asn = '64496'] = match;
  const address = name === 'D' ? destination : addressOf(name, Number(port));
  const hostname =
    site === undefined || unnamed !== undefined
      ? null
      : `ae${port}.${name}${site}.${domain ?? `as${asn}`}.example`;
  const before = responders.get(address);
  responders.set(address, {
    address,
    hostname: hostname ?? before?.hostname ?? null,
    asn: Number(asn) || null,
    asName: null,
  });
  return { ttl, addresses: [address], mtu: null, error: failed ? 'net-unreachable' : null };
}

const numbers = new Map<string, number>();

/** A documentation address for a router's interface; other routers never share a /30. */
function addressOf(name: string, port: number): string {
  const key = `${name}=${port}`;
  if (!numbers.has(key)) numbers.set(key, numbers.size);
  const number = numbers.get(key) as number;
  return `${number < 60 ? '192.0.2' : '198.51.100'}.${((number % 60) + 1) * 4}`;
}

/** Numbers from 0 to 1, always the same for a seed (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
