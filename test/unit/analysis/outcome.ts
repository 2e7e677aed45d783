import type { PatternHop, TestAnalysis } from '../../../src/model/site/analysis.ts';
import { clockOf, type Scenario } from './scenario.ts';

function hopText({ addresses }: PatternHop, nameOf: Scenario['nameOf']): string {
  if (addresses.length === 0) return '*';
  const names = addresses.map(nameOf).sort();
  return names.length === 1 ? String(names[0]) : `{${names.join(',')}}`;
}

function routeText(route: readonly PatternHop[], nameOf: Scenario['nameOf']): string {
  return route.map((hop) => hopText(hop, nameOf)).join(' ') || '-';
}

/** Times at which another variant begins. */
function changes({ periods }: TestAnalysis): string {
  const times = periods
    .filter(({ variant }, i) => i > 0 && variant !== periods[i - 1]?.variant)
    .map(({ from }) => clockOf(from));
  return times.join(' ') || 'none';
}

/** The result in the words of a scenario file: the lines under each key that a file may expect. */
export function outcome(
  analysis: TestAnalysis,
  nameOf: Scenario['nameOf'],
): Record<string, readonly string[]> {
  const mark = (reached: boolean): string => (reached ? '' : ' unreached');
  return {
    variants: analysis.variants.map(
      ({ letter, traces, route, reached }) =>
        `${letter} x${traces} ${routeText(route, nameOf)}${mark(reached)}`,
    ),
    periods: analysis.periods.map(
      ({ variant, from, to, traces, reached }) =>
        `${variant} ${clockOf(from)}-${clockOf(to)} x${traces}${mark(reached)}`,
    ),
    routes: analysis.periods.map(({ variant, route }) => `${variant} ${routeText(route, nameOf)}`),
    'as paths': analysis.variants.map(
      ({ letter, asPath }) => `${letter} ${asPath.join(' ') || 'unknown'}`,
    ),
    changes: [changes(analysis)],
    state: [analysis.state],
    since: [analysis.stateSince === null ? 'unknown' : clockOf(analysis.stateSince)],
    reason: [analysis.stateReason],
    hops: [analysis.series.map(({ hops }) => hops).join(' ')],
    loss: [analysis.lossPct === null ? 'unknown' : `${Math.round(analysis.lossPct)} %`],
    problems: [String(analysis.problems.length)],
  };
}
