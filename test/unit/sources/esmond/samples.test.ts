import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ForeignText } from '../../../../src/model/run/foreignText.ts';
import type { Trace } from '../../../../src/model/trace/trace.ts';
import { parseFailures, parseTraces } from '../../../../src/sources/esmond/parseResults.ts';
import { createResultFaults } from '../../../../src/sources/esmond/resultFaults.ts';
import { describeTest } from '../../../../src/sources/esmond/testMetadata.ts';

/**
 * Responses of real archives, if they are next to the checkout. They are not part of the project.
 */
const folder = join(import.meta.dirname, '../../../../../shared/data');
const present = existsSync(folder);
const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const files = (pattern: RegExp) =>
  present ? readdirSync(folder).filter((name) => pattern.test(name)) : [];

type Hop = Readonly<Record<string, unknown>>;
interface Result {
  readonly ts: number;
  readonly val: readonly Hop[];
}

/** Every list of hops in a file with its time, at any depth. */
function resultsIn(value: unknown, ts = 0): Result[] {
  if (typeof value !== 'object' || value === null) return [];
  if (!Array.isArray(value)) {
    const own = value as { ts?: unknown };
    return Object.values(value).flatMap((one) => resultsIn(one, Number(own.ts ?? ts)));
  }
  const isHops = value.length > 0 && value.every((one) => one !== null && 'ttl' in Object(one));
  return isHops ? [{ ts, val: value }] : value.flatMap((one) => resultsIn(one, ts));
}

function parse(answer: readonly unknown[]) {
  const faults = createResultFaults();
  const context = {
    destination: { address: null, name: 'x' },
    firstTtl: 1,
    lastTtl: 30,
    interval: { from: 0, to: 4e9 },
  };
  const parsed = parseTraces(answer, context, faults);
  expect(faults.problems('')).toEqual([]);
  return parsed;
}

/** ttl, address and smallest time of every responder, directly from the records. */
function expected({ val }: Result): string[] {
  const best = new Map<string, number>();
  for (const { ttl, ip, rtt } of val) {
    if (typeof ip !== 'string') continue;
    const at = `${ttl} ${ip}`;
    best.set(at, Math.min(best.get(at) ?? Number.POSITIVE_INFINITY, Number(rtt)));
  }
  return [...best].map(([at, rtt]) => `${at} ${rtt.toFixed(3)}`);
}

function found({ route, rttMs }: Trace): string[] {
  const answers = route.hops.flatMap(({ ttl, addresses }) =>
    addresses.map((address) => `${ttl} ${address}`),
  );
  return answers.map((at, index) => `${at} ${rttMs[index]?.toFixed(3)}`);
}

test
  .runIf(present)
  .each(
    files(/^(esmond4|elmond|esmond1|pscheduler-to).*\.json$/).filter(
      (name) => resultsIn(read(name)).length > 0,
    ),
  )('%s is read without loss (skipped without the samples)', (name) => {
  const results = resultsIn(read(name));
  const { traces, responders } = parse(results);
  expect(traces.map(found)).toEqual(results.map(expected));
  const hops = results.flatMap(({ val }) => val);
  for (const { ip, hostname, as } of hops) {
    const responder = responders.get(String(ip));
    if (typeof hostname === 'string')
      expect(responder?.hostname).toBe(hostname.toLowerCase().replace(/\.$/, ''));
    if (as !== undefined) expect({ number: responder?.asn, owner: responder?.asName }).toEqual(as);
  }
});

test.runIf(present)(
  'the 90 traces from Utah have their 18-hop routes, including silent hops (skipped without the samples)',
  () => {
    const { traces } = parse(read('esmond4-utah-packet-trace-first90.json') as unknown[]);
    expect(traces).toHaveLength(90);
    expect(traces[0]?.route.hops.map(({ addresses }) => addresses.length).join('')).toBe(
      '111111111111100001',
    );
  },
);

test.runIf(present)(
  'several flows and failures of elmond are parsed (skipped without the samples)',
  () => {
    const { traces } = parse(read('elmond-packet-trace-multi-generated.json') as unknown[]);
    expect(traces.map(({ route }) => route.hops.length)).toEqual([4, 4]);
    const failures = read('elmond-failures-generated.json') as unknown[];
    expect(parseFailures(failures, { from: 0, to: 4e9 }, createResultFaults())).toMatchObject([
      {
        at: 1_704_166_300,
        error: 'the name cannot be resolved',
        detail: new ForeignText('Unable to resolve ps-a.example.net to an IPv4 address'),
      },
    ]);
  },
);

test.runIf(present).each(files(/metadata.*\.json$/))(
  'every traceroute test of %s is understood (skipped without the samples)',
  (name) => {
    const listed = [read(name)].flat() as Hop[];
    const traceroutes = listed.filter((one) => /trace/.test(String(one['tool-name'])));
    expect(traceroutes.length).toBeGreaterThan(0);
    for (const metadata of traceroutes) {
      expect(describeTest(metadata, 'ma.example.net', 0)).toMatchObject({
        key: metadata['metadata-key'],
        source: { address: metadata.source, name: metadata['input-source'] },
        destination: { address: metadata.destination, name: metadata['input-destination'] },
        tool: String(metadata['tool-name']).replace(/.*\//, ''),
      });
    }
  },
);
