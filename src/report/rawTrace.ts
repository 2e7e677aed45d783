import type { TestAnalysis } from '../model/analysis.ts';
import { isoTime } from './format.ts';
import { plainResponder } from './responderText.ts';

/** Host names are cut here, so that the columns stay on a line. */
const widestHost = 72;

interface Line {
  readonly label: string;
  readonly sent: number;
  readonly received: number;
  readonly rttMs: number | null;
}

function cut(text: string): string {
  return text.length > widestHost ? `${text.slice(0, widestHost - 1)}…` : text;
}

/** One line per responder; a further one of the same ttl has no number. */
function linesOf({ latest, responders }: TestAnalysis): Line[] {
  if (latest === null) return [];
  const { route, rttMs, probes } = latest;
  const lines: Line[] = [];
  let index = 0;
  route.hops.forEach((hop, position) => {
    const number = `${hop.ttl}.`.padStart(4);
    const sent = probes?.sent[position] ?? 1;
    if (hop.addresses.length === 0) {
      lines.push({ label: `${number} ${'AS???'.padEnd(10)} ???`, sent, received: 0, rttMs: null });
    }
    hop.addresses.forEach((address, nth) => {
      const asn = responders.get(address)?.asn;
      const as = (asn == null ? 'AS???' : `AS${asn}`).padEnd(10);
      lines.push({
        label: `${nth === 0 ? number : '    '} ${as} ${cut(plainResponder(responders, address))}`,
        sent,
        received: probes?.received[index] ?? 1,
        rttMs: rttMs[index] ?? null,
      });
      index += 1;
    });
  });
  return lines;
}

function figures({ sent, received, rttMs }: Line): string {
  const loss = sent === 0 ? 0 : Math.max(0, (1 - received / sent) * 100);
  const rtt = rttMs === null ? '-' : rttMs.toFixed(1);
  const lossText = loss === 100 ? '100.0%' : `${loss.toFixed(1)}%`;
  return `${lossText.padStart(6)}${`${sent}`.padStart(6)}${rtt.padStart(8)}`;
}

/**
 * The latest trace as plain text in the wide report form of mtr (`mtr -rwzb`), to paste into a ticket; '' without a trace.
 * An archived trace has one time per responder, so Last stands alone without Avg, Best, Wrst and StDev.
 */
export function rawTrace(analysis: TestAnalysis): string {
  const { latest, test } = analysis;
  if (latest === null) return '';
  const lines = linesOf(analysis);
  const host = `HOST: ${cut(test.source.name)} -> ${cut(test.destination.name)}`;
  const width = lines.reduce((most, line) => Math.max(most, line.label.length), host.length) + 1;
  return [
    `Start: ${isoTime(latest.startedAt)}  ${test.tool}, archive ${test.archive}`,
    `${host.padEnd(width)} Loss%   Snt    Last`,
    ...lines.map((line) => `${line.label.padEnd(width)}${figures(line)}`),
  ].join('\n');
}
