import { matchesGlob } from '../../model/test/selection.ts';
import { createPrefixTest } from '../../model/trace/addressPrefix.ts';
import { matchesAsPath } from './asPathPattern.ts';
import type { Expectations, PolicyFinding, PolicyOutcome } from './policy.ts';
import {
  asPathSteps,
  type PolicyHop,
  type PolicyInput,
  policyHops,
  policyHopText,
} from './policyInput.ts';

/**
 * Traces in a row that break a rule: a single one may mix several routes, but two do not mix them
 * alike.
 */
const tracesInRow = 2;

/** Evaluates the rules on the route against the newest traces. */
export function routeFindings(expected: Expectations, input: PolicyInput): PolicyFinding[] {
  const { mustTraverse = [], mustAvoid = [], expectAsPath: main = [] } = expected;
  const { backupAsPath: backup = [] } = expected;
  const latest = input.traces.slice(-tracesInRow).map((trace) => ({
    reached: trace.route.reached,
    hops: policyHops(trace, input.responders),
  }));
  const evaluateLatest = (evaluate: (trace: PolicyTrace) => PolicyOutcome) =>
    inRow(latest.map(evaluate));
  const findings: PolicyFinding[] = [
    ...mustTraverse.map((item): PolicyFinding => {
      const outcome = evaluateLatest((trace) => checkTraverses(item, trace));
      return { rule: 'must_traverse', item, expected: item, outcome };
    }),
    ...mustAvoid.map((item): PolicyFinding => {
      const outcome = evaluateLatest((trace) => checkAvoids(item, trace));
      return { rule: 'must_avoid', item, expected: `not ${item}`, outcome };
    }),
  ];
  if (main.length > 0) {
    const outcome = evaluateLatest((trace) => checkAsPath(main, backup, trace));
    findings.push({ rule: 'expect_as_path', item: '', expected: main.join(' or '), outcome });
  }
  if (backup.length > 0) {
    const outcome = evaluateLatest((trace) => checkBackup(main, backup, trace));
    const expectedText = main.length > 0 ? main.join(' or ') : `not ${backup.join(' or ')}`;
    findings.push({ rule: 'backup_as_path', item: '', expected: expectedText, outcome });
  }
  return findings;
}

interface PolicyTrace {
  readonly reached: boolean;
  readonly hops: readonly PolicyHop[];
}

const met: PolicyOutcome = { kind: 'met' };
const unknown: PolicyOutcome = { kind: 'unknown' };

/**
 * Broken when all of the newest traces break it; met when the newest meets it and none breaks it.
 */
function inRow(outcomes: readonly PolicyOutcome[]): PolicyOutcome {
  const last = outcomes.at(-1) ?? unknown;
  if (outcomes.length < tracesInRow) return unknown;
  if (outcomes.every(({ kind }) => kind === 'broken')) return last;
  return last.kind === 'met' && outcomes.every(({ kind }) => kind !== 'broken') ? met : unknown;
}

function checkTraverses(item: string, { reached, hops }: PolicyTrace): PolicyOutcome {
  if (hops.some((hop) => matchesHop(item, hop))) return met;
  if (!reached) return unknown;
  const asn = asnOf(item);
  const hidden =
    asn === null
      ? hops.some(({ addresses }) => addresses.length === 0)
      : asPathSteps(hops).includes(null);
  return hidden ? unknown : { kind: 'broken', found: asPathText(hops) };
}

function checkAvoids(item: string, { hops }: PolicyTrace): PolicyOutcome {
  const hop = hops.find((each) => matchesHop(item, each));
  return hop === undefined ? met : { kind: 'broken', found: `${item} at ${policyHopText(hop)}` };
}

function checkAsPath(
  main: readonly string[],
  backup: readonly string[],
  { reached, hops }: PolicyTrace,
): PolicyOutcome {
  if (!reached) return unknown;
  const answers = [...main, ...backup].map((pattern) => matchesAsPath(pattern, asPathSteps(hops)));
  if (answers.includes('yes')) return met;
  return answers.includes('maybe') ? unknown : { kind: 'broken', found: asPathText(hops) };
}

/** The backup is in use when the AS path matches it and cannot be one of those expected. */
function checkBackup(
  main: readonly string[],
  backup: readonly string[],
  { reached, hops }: PolicyTrace,
): PolicyOutcome {
  if (!reached) return unknown;
  const asPath = asPathSteps(hops);
  const asMain = main.map((pattern) => matchesAsPath(pattern, asPath));
  const asBackup = backup.map((pattern) => matchesAsPath(pattern, asPath));
  if (asMain.includes('yes') || !asBackup.some((answer) => answer !== 'no')) return met;
  if (asMain.includes('maybe') || !asBackup.includes('yes')) return unknown;
  return { kind: 'broken', found: asPathText(hops) };
}

function matchesHop(item: string, { addresses, names, asns }: PolicyHop): boolean {
  const asn = asnOf(item);
  if (asn !== null) return asns.includes(asn);
  const isInPrefix = createPrefixTest(item);
  return (
    addresses.some((address) => isInPrefix?.(address) ?? matchesGlob(item, address)) ||
    names.some((name) => matchesGlob(item, name))
  );
}

function asnOf(item: string): number | null {
  const number = /^AS(\d+)$/i.exec(item.trim())?.[1];
  return number === undefined ? null : Number(number);
}

function asPathText(hops: readonly PolicyHop[]): string {
  const words = asPathSteps(hops).map((step) => (step === null ? '…' : `AS${step}`));
  return words.length === 0 ? 'no AS known' : words.join(' ');
}
