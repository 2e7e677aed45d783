import type { RouteVariant, TestAnalysis } from '../../model/site/analysis.ts';
import type { PolicyRule } from './policy.ts';

/** A rule that fits the traces of one test, and its basis. */
export interface LearnedRule {
  readonly rule: PolicyRule;
  /** For users: `host-a > host-b, IPv4, traceroute: 1008 traces, 98.7% over AS64500 AS64510`. */
  readonly basis: string;
}

/** Fewer traces do not show the usual route. */
const minTraces = 50;
/** AS paths with this share of the traces are expected, with that one allowed as a backup. */
const mainShare = 0.2;
const backupShare = 0.01;
/** Room above the observed values, so that a good day does not become the rule. */
const spareHops = 2;
const rttMargin = { overUsualPct: 25, floor: 10 };
const lossMargin = { overUsualPct: 100, floor: 5 };

/**
 * Learns a first policy from traces: the AS paths in use, a length, and time and loss relative to
 * the usual. Tests with few traces, or whose destination never answered, get no rule.
 */
export function learnPolicy(analyses: readonly TestAnalysis[]): LearnedRule[] {
  return analyses.flatMap((analysis) => {
    const reached = analysis.variants.filter((variant) => variant.reached);
    const traces = sum(reached.map((variant) => variant.traces));
    return traces < minTraces ? [] : [ruleFor(analysis, reached, traces)];
  });
}

function ruleFor(
  { test }: TestAnalysis,
  reached: readonly RouteVariant[],
  traces: number,
): LearnedRule {
  const shares = [...tracesByAsPath(reached)].sort((a, b) => b[1] - a[1]);
  const between = (minShare: number, maxShare: number) =>
    shares
      .filter(
        ([asPath, share]) =>
          asPath !== '' && share / traces >= minShare && share / traces < maxShare,
      )
      .map(([asPath]) => asPath);
  const main = between(mainShare, Number.POSITIVE_INFINITY);
  const backup = main.length === 0 ? [] : between(backupShare, mainShare);
  const length = Math.max(...reached.map(({ route }) => route.at(-1)?.ttl ?? 0));
  const [[asPath, count] = ['', 0]] = shares;
  const asPathText =
    asPath === '' ? 'no AS known' : `${percent(count / traces)} over AS path ${asPath}`;
  const testText = `${test.source.name} > ${test.destination.name}, IPv${test.family}, ${test.tool}`;
  return {
    basis: `${testText}: ${traces} traces, ${asPathText}`,
    rule: {
      tests: [test.id],
      groups: [],
      ...(main.length > 0 ? { expectAsPath: main } : {}),
      ...(backup.length > 0 ? { backupAsPath: backup } : {}),
      maxHops: length + spareHops,
      maxRttMs: rttMargin,
      maxLossPct: lossMargin,
    },
  };
}

/** Traces by AS path, which is written as a pattern. */
function tracesByAsPath(variants: readonly RouteVariant[]): Map<string, number> {
  const shares = new Map<string, number>();
  for (const { asPath, traces } of variants) {
    const pattern = asPath.join(' ');
    shares.set(pattern, (shares.get(pattern) ?? 0) + traces);
  }
  return shares;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10}%`;
}
