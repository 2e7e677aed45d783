import { mixNumbers, type Random, randomFrom } from '../../src/demo/random.ts';
import type { Trace } from '../../src/model/trace/trace.ts';
import { importText } from '../helpers/importText.ts';
import { drawRun, type ModelHop, type ModelRun, repliesByAddress } from './modelRun.ts';
import { below, pick } from './mutations.ts';
import { type ToolWriter, toolWriters } from './toolWriters.ts';
import type { Complain } from './traceRules.ts';

/**
 * Writes a run as a tool does and imports it: whole, when it has to come out as it went in, or with
 * lines lost, doubled or foreign, when no hop may move to another ttl.
 */
export async function structureCase(
  seed: number,
  number: number,
  complain: Complain,
): Promise<unknown> {
  const random = randomFrom(mixNumbers(seed, number));
  const writer = pick(toolWriters, random);
  const run = drawRun(random, writer.hosts, writer.probes);
  const whole = writer.write(run, random);
  const isWhole = random() < 0.5;
  const text = isWhole ? whole : withDamage(whole, random);
  const { readings, problems } = await importText(text, { destination: run.target });
  const traces = readings.flatMap((reading) => reading.traces);
  const broken = (rule: string, value: unknown) => complain(`${writer.name}: ${rule}`, value);
  if (!isWhole) {
    for (const trace of traces) checkUnmoved(run, trace, broken);
    return text;
  }
  if (problems.length > 0 && mayHaveTwoTargets(writer, run)) return text;
  if (problems.length > 0 || traces.length !== 1) {
    broken('a run is read without a complaint', [problems, traces.length]);
  }
  for (const trace of traces) checkEqual(writer, run, trace, broken);
  return text;
}

/**
 * Whether raw output may be that of two targets: from some round on, only ttls reply that did not
 * reply before.
 */
function mayHaveTwoTargets({ name }: ToolWriter, { hops }: ModelRun): boolean {
  const rounds = Array.from({ length: hops[0]?.length ?? 0 }, (_, round) => round).slice(1);
  const hasReply = (hop: ModelHop) => hop.some((reply) => reply !== null);
  const isStart = (round: number) =>
    hops.every((hop) => !hasReply(hop.slice(0, round)) || !hasReply(hop.slice(round)));
  return name === 'mtr --raw' && rounds.some(isStart);
}

function checkEqual(writer: ToolWriter, run: ModelRun, trace: Trace, complain: Complain): void {
  const expected = run.hops.map((hop) => [...repliesByAddress(hop).keys()].sort().join());
  const found = expected.map((_, index) =>
    addressesAt(trace, index + 1)
      .sort()
      .join(),
  );
  if (expected.join('|') !== found.join('|')) complain('the hops are those of the run', found);
  if (!trace.route.reached) complain('the run reached its target', found);
  if (writer.isDated && trace.startedAt !== run.startedAt) complain('a time', trace.startedAt);
  // Half of the last digit, and what binary fractions add.
  const tolerance = 0.5 * 10 ** -writer.decimals + 1e-6;
  for (const [address, ms] of bestTimes(trace)) {
    const times = run.hops.flatMap((hop) => repliesByAddress(hop).get(address) ?? []);
    if (Math.abs(Math.min(...times) - ms) > tolerance) complain('a time of a reply', [address, ms]);
  }
}

function checkUnmoved(run: ModelRun, trace: Trace, complain: Complain): void {
  for (const { ttl, addresses } of trace.route.hops) {
    const known = repliesByAddress(run.hops[ttl - 1] ?? []);
    const foreign = addresses.filter((address) => !known.has(address) && address !== run.target);
    if (foreign.length > 0) complain('a hop stays at its ttl', [ttl, foreign]);
  }
}

function addressesAt({ route }: Trace, ttl: number): string[] {
  return [...(route.hops.find((hop) => hop.ttl === ttl)?.addresses ?? [])];
}

/** The best time of each address, ms. */
function bestTimes({ route, rttMs }: Trace): [string, number][] {
  const addresses = route.hops.flatMap((hop) => hop.addresses);
  return addresses.flatMap((address, index) => {
    const ms = rttMs[index] ?? null;
    return ms === null ? [] : [[address, ms] as [string, number]];
  });
}

/** What happens to files: a line is lost, or comes twice, or another program writes into it. */
function withDamage(text: string, random: Random): string {
  const lines = text.split('\n');
  const at = below(lines.length, random);
  // Without a whole element, or with two, a list is another list that a tool might have written.
  if (/^\s*\{.*\},?$/.test(lines[at] ?? '')) return text;
  const damage = pick(['lost', 'doubled', 'foreign', 'cut'], random);
  if (damage === 'lost') lines.splice(at, 1);
  else if (damage === 'doubled') lines.splice(at, 0, lines[at] ?? '');
  else if (damage === 'foreign') lines.splice(at, 0, 'kernel: link is down');
  else return text.slice(0, below(text.length, random));
  return lines.join('\n');
}
