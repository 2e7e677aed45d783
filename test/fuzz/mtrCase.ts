import { mixNumbers, type Random, randomFrom } from '../../src/demo/random.ts';
import { canonicalAddress } from '../../src/lib/ip.ts';
import type { LocalReading } from '../../src/sources/types.ts';
import { importOptions, importText } from '../helpers/importText.ts';
import { below, mutate, mutateBytes, pick } from './mutations.ts';
import { mtrReport, toolOutputs } from './toolOutputs.ts';
import { type Complain, checkBatch, checkEndpoint, checkText, checkTrace } from './traceRules.ts';

/** Imports one mutated output of a tool and reports every violation. */
export async function mtrCase(seed: number, number: number, complain: Complain): Promise<unknown> {
  const random = randomFrom(mixNumbers(seed, number));
  const bytes = spoiltOutput(random);
  const chunkBytes = 1 + below(random() < 0.2 && bytes.length < 5000 ? 8 : 40_000, random);
  try {
    const { readings, problems } = await importText(bytes, {}, { chunkBytes });
    const seen = seenIn(bytes.toString('utf8'));
    for (const reading of readings) checkReading(reading, seen, complain);
    for (const { message } of problems) checkText(message, 2000, 'a message', complain);
  } catch (error) {
    complain('nothing is thrown', (error as Error).stack);
  }
  return bytes.toString('latin1');
}

function spoiltOutput(random: Random): Buffer {
  if (random() < 0.25) {
    const report = [mtrReport()];
    for (let count = pick([1, 1, 2, 5], random); count > 0; count -= 1) mutate(report, random);
    return Buffer.from(jsonText(report[0]));
  }
  const texts = random() < 0.2 ? [pick(toolOutputs, random), pick(toolOutputs, random)] : [];
  const lines = [...texts, pick(toolOutputs, random)].join('').split('\n');
  for (let count = below(3, random); count > 0; count -= 1) {
    const [from, to] = [below(lines.length, random), below(lines.length, random)];
    lines.splice(to, below(2, random), lines[from] ?? '');
  }
  return mutateBytes(Buffer.from(lines.join('\n')), random);
}

/** A value that is too deep to serialize becomes brackets. */
function jsonText(value: unknown): string {
  try {
    return `${JSON.stringify(value)}\n`;
  } catch {
    return `{"report": ${'['.repeat(20_000)}\n`;
  }
}

/** Every address and number of a text. */
interface Seen {
  readonly addresses: ReadonlySet<string>;
  readonly timesMs: ReadonlySet<number>;
}

function seenIn(text: string): Seen {
  const addresses = new Set<string>();
  for (const [token] of text.matchAll(/[0-9A-Fa-f:.]{2,}/g)) {
    for (const part of [token, token.replace(/^[:.]+|[:.]+$/g, ''), token.replace(/:+$/, '')]) {
      const address = canonicalAddress(part);
      if (address !== null) addresses.add(address);
    }
  }
  const timesMs = new Set<number>([0]);
  for (const [token] of text.matchAll(/[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?/g)) {
    const number = Number(token);
    timesMs.add(Math.round(number * 1000) / 1000);
    // Raw output has microseconds.
    timesMs.add(number / 1000);
  }
  return { addresses, timesMs };
}

function checkReading(reading: LocalReading, seen: Seen, complain: Complain): void {
  const { test, interval, traces } = reading;
  if (!/^[0-9A-Za-z_-][0-9A-Za-z._-]{0,220}$/.test(test.id)) complain('a plain id', test.id);
  for (const end of [test.source, test.destination]) checkEndpoint(end, complain);
  checkText(test.taskName, 255, 'the name of a task', complain);
  if (!(interval.from >= 0 && interval.to <= importOptions.now + 86_400)) {
    complain('results lie between the epoch and tomorrow', interval);
  }
  checkBatch(reading, interval, complain);
  const own = test.destination.address;
  for (const trace of traces) {
    checkTrace(trace, interval, null, complain);
    for (const address of trace.route.hops.flatMap((hop) => hop.addresses)) {
      if (!seen.addresses.has(address) && address !== own) complain('an unknown address', address);
    }
    for (const rtt of trace.rttMs) {
      if (rtt !== null && !seen.timesMs.has(rtt)) complain('an unknown time', rtt);
    }
    for (const { name, ttl } of trace.named ?? []) {
      checkText(name, 255, 'a named host', complain);
      if (!(ttl >= 1 && ttl <= 255)) complain('a ttl is 1 to 255', ttl);
    }
  }
}
