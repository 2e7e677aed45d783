import type { MessageCounts } from '../../model/alerting/outbox.ts';
import { changeClasses, type Severity, severities } from '../../model/change/change.ts';
import { type Incident, isOpenIncident } from '../../model/incident/incident.ts';
import type { TestSummary } from '../../model/site/analysis.ts';

/** Input of the textfile. Times are epoch seconds. */
export interface PrometheusInput {
  readonly now: number;
  readonly tests: readonly TestSummary[];
  /** Route changes ever recorded, by test id; never decreasing. */
  readonly routeChanges: ReadonlyMap<string, number>;
  readonly incidents: readonly Incident[];
  readonly run: RunFigures;
  /** Notifications of the last day. */
  readonly messages: MessageCounts;
}

/** The run that writes the file. */
export interface RunFigures {
  /** So far: delivery follows. */
  readonly outcome: RunOutcome;
  readonly durationSeconds: number;
}

/** The outcomes of a run, best first. */
export const runOutcomes = ['ok', 'partial', 'failed'] as const;
export type RunOutcome = (typeof runOutcomes)[number];

type Samples = readonly (readonly [labels: string, value: number | null])[];

/**
 * A file for the textfile collector of node_exporter. Times are in seconds, as usual there; unknown
 * values are left out. Labels name the two ends and the test, and no other address.
 */
export function prometheusText(input: PrometheusInput): string {
  const { now, tests, routeChanges, incidents, run, messages } = input;
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
      'pstrace_state',
      'gauge',
      'The state of the test, as its label.',
      tests.map((summary) => [labelsOf(summary, { state: summary.state }), 1]),
    ),
    metric(
      'pstrace_last_trace_timestamp_seconds',
      'gauge',
      'Start of the latest trace.',
      each(({ lastTraceAt }) => lastTraceAt),
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
    metric(
      'pstrace_open_changes',
      'gauge',
      'Open changes of open incidents.',
      openChangesByClass(incidents),
    ),
    metric(
      'pstrace_run_outcome',
      'gauge',
      'Whether the run that wrote this file had this outcome.',
      runOutcomes.map((outcome) => [labels({ outcome }), Number(outcome === run.outcome)]),
    ),
    metric(
      'pstrace_run_duration_seconds',
      'gauge',
      'Duration of the run until it wrote this file.',
      [['', run.durationSeconds]],
    ),
    metric(
      'pstrace_notifications',
      'gauge',
      'Notifications of the last day that were sent or given up, and all that wait.',
      [
        [labels({ state: 'sent' }), messages.sent],
        [labels({ state: 'waiting' }), messages.waiting],
        [labels({ state: 'given_up' }), messages.givenUp],
      ],
    ),
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

function openChangesByClass(incidents: readonly Incident[]): Samples {
  const open = incidents
    .filter(isOpenIncident)
    .flatMap(({ members }) => members.filter(({ closedAt }) => closedAt === null));
  return changeClasses.map((each) => [
    labels({ class: each }),
    open.filter((member) => member.class === each).length,
  ]);
}

function metric(name: string, type: string, help: string, samples: Samples): string {
  const knownSamples = samples.filter(([, value]) => value !== null);
  if (knownSamples.length === 0) return '';
  const lines = knownSamples.map(([text, value]) => `${name}${text} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function labelsOf({ test }: TestSummary, more: Readonly<Record<string, string>> = {}): string {
  return labels({
    source: test.source.name,
    destination: test.destination.name,
    family: String(test.family),
    tool: test.tool,
    test: test.id,
    ...more,
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
