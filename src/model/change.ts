/** What kind of change it is. */
export const changeClasses = [
  'unreachable',
  'inter_as',
  'intra_as',
  'same_site',
  'flap',
  'recovered',
  'rtt_shift',
  'loss',
  'mtu_drop',
  'vanished',
  'new_test',
] as const;
export type ChangeClass = (typeof changeClasses)[number];

/** How much it matters, worst first. */
export const severities = ['critical', 'major', 'moderate', 'minor', 'info'] as const;
export type Severity = (typeof severities)[number];

/** `same`: no measurable effect; `unknown`: the samples do not tell. */
export type Judgement = 'worse' | 'better' | 'same' | 'unknown';
