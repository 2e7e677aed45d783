import type { ChangeClass, Effect } from './change.ts';

/** What happened, in a subject line or sentence. */
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
  policy: 'policy broken',
};

/** What it did to those who use the path. */
export const effectLabels: Readonly<Record<Effect, string>> = {
  worse: 'worse',
  better: 'better',
  same: 'no measurable effect',
  unknown: 'effect not known',
};
