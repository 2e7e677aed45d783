import type { TestAnalysis } from '../../model/analysis.ts';
import type { Trace } from '../../model/trace.ts';
import { isoTime } from '../format.ts';
import { plainResponder } from '../responderText.ts';

/** Host names are cut here, so that the columns stay on a line. */
const widestHost = 72;

const spreadNames = ['avgMs', 'worstMs', 'stdevMs', 'jitterMs'] as const;

/** One responder of the latest trace, or a silent hop. */
interface Line {
  readonly label: string;
  readonly sent: number;
  readonly received: number;
  readonly rttMs: number | null;
  /** Mean, largest, standard deviation and jitter, where the tool sent several probes and tells. */
  readonly spread: readonly (number | null)[];
}

function cut(text: string): string {
  return text.length > widestHost ? `${text.slice(0, widestHost - 1)}…` : text;
}

function label(ttl: string, asn: number | null | undefined, host: string): string {
  const as = asn == null ? 'AS???' : `AS${asn}`;
  return `${ttl.padStart(4)} ${as.padEnd(10)} ${cut(host)}`;
}

/** A hop without an address: silent, or known by its name alone. */
function unaddressed({ named }: Trace, ttl: number, sent: number): Line {
  const answer = named?.find((one) => one.ttl === ttl);
  return {
    label: label(`${ttl}.`, null, answer?.name ?? '???'),
    sent,
    received: answer === undefined ? 0 : (answer.received ?? sent),
    rttMs: answer?.rttMs ?? null,
    spread: spreadNames.map((name) => answer?.[name] ?? null),
  };
}

/** One line per responder; a further one of the same ttl has no number. */
function linesOf(trace: Trace, responders: TestAnalysis['responders']): Line[] {
  const { route, rttMs, probes } = trace;
  let index = 0;
  return route.hops.flatMap((hop, position) => {
    const sent = probes?.sent[position] ?? 1;
    if (hop.addresses.length === 0) return [unaddressed(trace, hop.ttl, sent)];
    return hop.addresses.map((address, nth) => {
      const at = index++;
      const ttl = nth === 0 ? `${hop.ttl}.` : '';
      return {
        label: label(ttl, responders.get(address)?.asn, plainResponder(responders, address)),
        sent,
        received: probes?.received[at] ?? 1,
        rttMs: rttMs[at] ?? null,
        spread: spreadNames.map((name) => probes?.spread?.[name][at] ?? null),
      };
    });
  });
}

function time(rttMs: number | null): string {
  return (rttMs === null ? '-' : rttMs.toFixed(1)).padStart(8);
}

function figures({ sent, received, rttMs, spread }: Line, spreads: boolean): string {
  const loss = sent === 0 ? 0 : Math.max(0, (1 - received / sent) * 100);
  const [avgMs = null, worstMs = null, ...scatter] = spread;
  const times = spreads ? [avgMs, rttMs, worstMs, ...scatter] : [rttMs];
  return `${`${loss.toFixed(1)}%`.padStart(6)}${`${sent}`.padStart(6)}${times.map(time).join('')}`;
}

/**
 * A trace as plain text in the wide report form of mtr (`mtr -rwzb`), to paste into a ticket. Where the tool gave one time per
 * responder, Last stands alone without Avg, Best, Wrst, StDev and Javg.
 */
export function traceText(
  trace: Trace,
  test: TestAnalysis['test'],
  responders: TestAnalysis['responders'],
): string {
  const lines = linesOf(trace, responders);
  const host = `HOST: ${cut(test.source.name)} -> ${cut(test.destination.name)}`;
  const width = lines.reduce((most, line) => Math.max(most, line.label.length), host.length) + 1;
  const spreads = lines.some(({ spread }) => spread.some((value) => value !== null));
  const columns = spreads ? '     Avg    Best    Wrst   StDev    Javg' : '    Last';
  return [
    `Start: ${isoTime(trace.startedAt)}  ${test.tool}, archive ${test.archive}`,
    `${host.padEnd(width)} Loss%   Snt${columns}`,
    ...lines.map((line) => `${line.label.padEnd(width)}${figures(line, spreads)}`),
  ].join('\n');
}

/** The latest trace as plain text; '' without a trace. */
export function rawTrace({ latest, test, responders }: TestAnalysis): string {
  return latest === null ? '' : traceText(latest, test, responders);
}
