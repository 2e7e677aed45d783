import type { ChangeClass, Effect, Verdict } from './change.ts';

/** The classes of changes in words, for a subject line or sentence. */
export const changeClassLabels: Readonly<Record<ChangeClass, string>> = {
  unreachable: 'unreachable',
  inter_as: 'AS path changed',
  intra_as: 'route changed inside an AS',
  same_site: 'route changed inside a site',
  flap: 'flapping',
  recovered: 'recovered',
  rtt_shift: 'RTT shifted',
  loss: 'loss',
  mtu_drop: 'path MTU dropped',
  vanished: 'no more results',
  new_test: 'new test',
  policy: 'policy violated',
  retired: 'retired',
  returned: 'back after it was retired',
};

const maxLabels = 3;

/**
 * Labels with their numbers, `unreachable (1), AS path changed (4)`; no number if all are the same.
 */
export function countLabels(labels: readonly string[]): string {
  const counts = [...Map.groupBy(labels, (label) => label)];
  if (counts.length === 1) return labels[0] ?? '';
  const named = counts.slice(0, maxLabels).map(([label, { length }]) => `${label} (${length})`);
  return [...named, ...(counts.length > maxLabels ? ['and more'] : [])].join(', ');
}

/** The effects of changes in words. */
export const effectLabels: Readonly<Record<Effect, string>> = {
  worse: 'worse',
  better: 'better',
  same: 'no measurable effect',
  unknown: 'effect unknown',
};

/** The effect of a verdict in words: `worse`; `probably worse` if the interval leaves a doubt. */
export function effectText({ effect, sure }: Pick<Verdict, 'effect' | 'sure'>): string {
  return sure === false ? `probably ${effectLabels[effect]}` : effectLabels[effect];
}
