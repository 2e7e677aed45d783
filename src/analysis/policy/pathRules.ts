import { fits } from '../../model/selection.ts';
import { fitsAsPath } from './asPathPattern.ts';
import { hopsOf, type Observation, placeOf, type SeenHop, stepsOf } from './observation.ts';
import type { Expectations, Finding, Outcome } from './policy.ts';
import { inPrefix } from './prefix.ts';

/** A single trace may have mixed several paths; two in a row do not do so alike. */
const tracesInRow = 2;

/** What the newest traces say about where the path goes. */
export function pathFindings(expected: Expectations, observation: Observation): Finding[] {
  const { mustTraverse = [], mustAvoid = [], expectAsPath: main = [] } = expected;
  const { backupAsPath: backup = [] } = expected;
  const latest = observation.traces.slice(-tracesInRow).map((trace) => ({
    reached: trace.route.reached,
    hops: hopsOf(trace, observation.responders),
  }));
  const over = (judge: (trace: SeenTrace) => Outcome) => inRow(latest.map(judge));
  const findings: Finding[] = [
    ...mustTraverse.map((item): Finding => {
      const outcome = over((trace) => traverses(item, trace));
      return { rule: 'must_traverse', item, expected: item, outcome };
    }),
    ...mustAvoid.map((item): Finding => {
      const outcome = over((trace) => avoids(item, trace));
      return { rule: 'must_avoid', item, expected: `not ${item}`, outcome };
    }),
  ];
  if (main.length > 0) {
    const outcome = over((trace) => followsAsPath(main, backup, trace));
    findings.push({ rule: 'expect_as_path', item: '', expected: main.join(' or '), outcome });
  }
  if (backup.length > 0) {
    const outcome = over((trace) => leavesBackup(main, backup, trace));
    const words = main.length > 0 ? main.join(' or ') : `not ${backup.join(' or ')}`;
    findings.push({ rule: 'backup_as_path', item: '', expected: words, outcome });
  }
  return findings;
}

interface SeenTrace {
  readonly reached: boolean;
  readonly hops: readonly SeenHop[];
}

const met: Outcome = { kind: 'met' };
const unknown: Outcome = { kind: 'unknown' };

/** Broken when all of the newest traces say so, met when the newest does and none contradicts. */
function inRow(outcomes: readonly Outcome[]): Outcome {
  const last = outcomes.at(-1) ?? unknown;
  if (outcomes.length < tracesInRow) return unknown;
  if (outcomes.every(({ kind }) => kind === 'broken')) return last;
  return last.kind === 'met' && outcomes.every(({ kind }) => kind !== 'broken') ? met : unknown;
}

function traverses(item: string, { reached, hops }: SeenTrace): Outcome {
  if (hops.some((hop) => isAt(item, hop))) return met;
  if (!reached) return unknown;
  const asn = asnOf(item);
  const hidden =
    asn === null
      ? hops.some(({ addresses }) => addresses.length === 0)
      : stepsOf(hops).includes(null);
  return hidden ? unknown : { kind: 'broken', found: pathText(hops) };
}

function avoids(item: string, { hops }: SeenTrace): Outcome {
  const hop = hops.find((each) => isAt(item, each));
  return hop === undefined ? met : { kind: 'broken', found: `${item} at ${placeOf(hop)}` };
}

function followsAsPath(
  main: readonly string[],
  backup: readonly string[],
  { reached, hops }: SeenTrace,
): Outcome {
  if (!reached) return unknown;
  const answers = [...main, ...backup].map((pattern) => fitsAsPath(pattern, stepsOf(hops)));
  if (answers.includes('yes')) return met;
  return answers.includes('maybe') ? unknown : { kind: 'broken', found: pathText(hops) };
}

/** The backup is in use when the path fits it and cannot be one of those expected. */
function leavesBackup(
  main: readonly string[],
  backup: readonly string[],
  { reached, hops }: SeenTrace,
): Outcome {
  if (!reached) return unknown;
  const path = stepsOf(hops);
  const asMain = main.map((pattern) => fitsAsPath(pattern, path));
  const asBackup = backup.map((pattern) => fitsAsPath(pattern, path));
  if (asMain.includes('yes') || !asBackup.some((answer) => answer !== 'no')) return met;
  if (asMain.includes('maybe') || !asBackup.includes('yes')) return unknown;
  return { kind: 'broken', found: pathText(hops) };
}

function isAt(item: string, { addresses, names, asns }: SeenHop): boolean {
  const asn = asnOf(item);
  if (asn !== null) return asns.includes(asn);
  return (
    addresses.some((address) => inPrefix(item, address) ?? fits(item, address)) ||
    names.some((name) => fits(item, name))
  );
}

function asnOf(item: string): number | null {
  const number = /^AS(\d+)$/i.exec(item.trim())?.[1];
  return number === undefined ? null : Number(number);
}

function pathText(hops: readonly SeenHop[]): string {
  const words = stepsOf(hops).map((step) => (step === null ? '…' : `AS${step}`));
  return words.length === 0 ? 'no AS known' : words.join(' ');
}
