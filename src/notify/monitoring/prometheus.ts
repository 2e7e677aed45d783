import type { TestSummary } from '../../model/analysis.ts';
import { type Severity, severities } from '../../model/change.ts';
import { type Incident, isOpenIncident } from '../../model/incident.ts';

/** Input of the textfile. Times are epoch seconds. */
export interface PrometheusInput {
  readonly now: number;
  readonly tests: readonly TestSummary[];
  /** Route changes ever recorded, by test id; never decreasing. */
  readonly routeChanges: ReadonlyMap<string, number>;
  readonly incidents: readonly Incident[];
}

type Samples = readonly (readonly [labels: string, value: number | null])[];

/**
 * A file for the textfile collector of node_exporter. Times are in seconds, as usual there; unknown
 * values are left out. Labels name the two ends and the test, and no other address.
 */
export function prometheusText({ now, tests, routeChanges, incidents }: PrometheusInput): string {
  const each = (value: (summary: TestSummary) => number | null): Samples =>
    tests.map((summary) => [labelsOf(summary), value(summary)]);
  const seconds = (ms: number | null) => (ms === null ? null : ms / 1000);
  return [
    metric(
      'pstrace_reached',
      'gauge',
      'Whether the latest trace reached the destination.',
      each(({ reached }) => (reached === null ? null : Number(reached))),
    ),
    metric(
      'pstrace_accepted',
      'gauge',
      'Whether a change lasts that an operator accepted as usual.',
      each(({ state }) => Number(state === 'accepted')),
    ),
    metric(
      'pstrace_route_changes_total',
      'counter',
      'Route changes recorded.',
      each(({ test }) => routeChanges.get(test.id) ?? 0),
    ),
    metric(
      'pstrace_last_trace_age_seconds',
      'gauge',
      'Age of the latest trace when this file was written.',
      each(({ lastTraceAt }) => (lastTraceAt === null ? null : Math.max(0, now - lastTraceAt))),
    ),
    metric(
      'pstrace_rtt_seconds',
      'gauge',
      'Round-trip time to the destination in the latest trace.',
      each(({ rttMs }) => seconds(rttMs)),
    ),
    metric(
      'pstrace_usual_rtt_seconds',
      'gauge',
      'Median round-trip time over the usual route.',
      each(({ usualRttMs }) => seconds(usualRttMs)),
    ),
    metric(
      'pstrace_loss_ratio',
      'gauge',
      'Loss to the destination in the window: share of traces, or of probes if each hop gets four or more.',
      each(({ lossPct }) => (lossPct === null ? null : lossPct / 100)),
    ),
    metric(
      'pstrace_hops',
      'gauge',
      'Length of the route of the latest trace.',
      each(({ hops }) => hops),
    ),
    metric('pstrace_open_incidents', 'gauge', 'Open incidents.', openIncidents(incidents)),
    metric('pstrace_written_timestamp_seconds', 'gauge', 'When this file was written.', [
      ['', now],
    ]),
  ].join('');
}

function openIncidents(incidents: readonly Incident[]): Samples {
  const open = incidents.filter(isOpenIncident);
  return severities.map((severity: Severity) => [
    labels({ severity }),
    open.filter((incident) => incident.severity === severity).length,
  ]);
}

function metric(name: string, type: string, help: string, samples: Samples): string {
  const knownSamples = samples.filter(([, value]) => value !== null);
  if (knownSamples.length === 0) return '';
  const lines = knownSamples.map(([text, value]) => `${name}${text} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function labelsOf({ test }: TestSummary): string {
  return labels({
    source: test.source.name,
    destination: test.destination.name,
    family: String(test.family),
    tool: test.tool,
    test: test.id,
  });
}

/** Labels of a sample, with backslash, quote and line break escaped. */
function labels(values: Readonly<Record<string, string>>): string {
  const parts = Object.entries(values).map(([name, value]) => {
    const text = value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
    return `${name}="${text}"`;
  });
  return `{${parts.join(',')}}`;
}
