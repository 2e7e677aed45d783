import { truncate } from '../../lib/truncate.ts';
import type { TestAnalysis } from '../../model/site/analysis.ts';
import type { Test } from '../../model/test/test.ts';
import type { Trace } from '../../model/trace/trace.ts';
import { isoTime } from '../../model/values/format.ts';
import { responderPlainText } from '../responderText.ts';

/** Longer host names are truncated to fit on a line. */
const maxHostLength = 72;

const spreadNames = ['avgMs', 'worstMs', 'stdevMs', 'jitterMs'] as const;

/** The facts of a test that the text contains. */
interface TracedTest extends Pick<Test, 'tool' | 'archive'> {
  readonly source: { readonly name: string };
  readonly destination: { readonly name: string };
}

/** One responder of the latest trace, or a silent hop. */
interface TraceLine {
  readonly label: string;
  readonly sent: number;
  readonly received: number;
  readonly rttMs: number | null;
  /** Mean, maximum, standard deviation and jitter, for tools that report them. */
  readonly spread: readonly (number | null)[];
}

function lineLabel(ttl: string, asn: number | null | undefined, host: string): string {
  const as = asn == null ? 'AS???' : `AS${asn}`;
  return `${ttl.padStart(4)} ${as.padEnd(10)} ${truncate(host, maxHostLength)}`;
}

/** A hop without an address: silent, or known only by name. */
function lineWithoutAddress({ named }: Trace, ttl: number, sent: number): TraceLine {
  const answer = named?.find((candidate) => candidate.ttl === ttl);
  return {
    label: lineLabel(`${ttl}.`, null, answer?.name ?? '???'),
    sent,
    received: answer === undefined ? 0 : (answer.received ?? sent),
    rttMs: answer?.rttMs ?? null,
    spread: spreadNames.map((name) => answer?.[name] ?? null),
  };
}

/** One line per responder; further responders of the same TTL have no number. */
function traceLines(trace: Trace, responders: TestAnalysis['responders']): TraceLine[] {
  const { route, rttMs, probes } = trace;
  let index = 0;
  return route.hops.flatMap((hop, position) => {
    const sent = probes?.sent[position] ?? 1;
    if (hop.addresses.length === 0) return [lineWithoutAddress(trace, hop.ttl, sent)];
    return hop.addresses.map((address, nth) => {
      const at = index++;
      const ttl = nth === 0 ? `${hop.ttl}.` : '';
      return {
        label: lineLabel(
          ttl,
          responders.get(address)?.asn,
          responderPlainText(responders, address),
        ),
        sent,
        received: probes?.received[at] ?? 1,
        rttMs: rttMs[at] ?? null,
        spread: spreadNames.map((name) => probes?.spread?.[name][at] ?? null),
      };
    });
  });
}

function timeColumn(rttMs: number | null): string {
  return (rttMs === null ? '-' : rttMs.toFixed(1)).padStart(8);
}

function figureColumns({ sent, received, rttMs, spread }: TraceLine, hasSpreads: boolean): string {
  const loss = sent === 0 ? 0 : Math.max(0, (1 - received / sent) * 100);
  const [avgMs = null, worstMs = null, ...scatter] = spread;
  const times = hasSpreads ? [avgMs, rttMs, worstMs, ...scatter] : [rttMs];
  return `${`${loss.toFixed(1)}%`.padStart(6)}${`${sent}`.padStart(6)}${times.map(timeColumn).join('')}`;
}

/**
 * A trace as plain text in the wide report format of mtr (`mtr -rwzb`), to paste into a ticket. For
 * a tool that reports one time per responder, there is only Last, without Avg, Best, Wrst, StDev
 * and Javg.
 */
export function traceText(
  trace: Trace,
  test: TracedTest,
  responders: TestAnalysis['responders'],
): string {
  const lines = traceLines(trace, responders);
  const host = `HOST: ${truncate(test.source.name, maxHostLength)} -> ${truncate(test.destination.name, maxHostLength)}`;
  const width = lines.reduce((most, line) => Math.max(most, line.label.length), host.length) + 1;
  const hasSpreads = lines.some(({ spread }) => spread.some((value) => value !== null));
  const columns = hasSpreads ? '     Avg    Best    Wrst   StDev    Javg' : '    Last';
  return [
    `Start: ${isoTime(trace.startedAt)}  ${test.tool}, archive ${test.archive}`,
    `${host.padEnd(width)} Loss%   Snt${columns}`,
    ...lines.map((line) => `${line.label.padEnd(width)}${figureColumns(line, hasSpreads)}`),
  ].join('\n');
}

/** The latest trace as plain text; '' without a trace. */
export function latestTraceText({
  latest,
  test,
  responders,
}: Pick<TestAnalysis, 'latest' | 'responders'> & { readonly test: TracedTest }): string {
  return latest === null ? '' : traceText(latest, test, responders);
}
