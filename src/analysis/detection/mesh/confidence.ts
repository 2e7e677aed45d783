import type { ChangeClass } from '../../../model/change/change.ts';
import type { GradingReason } from '../../../model/change/grading.ts';

/**
 * Log odds, nats, that a change of a class is worth a notification when nothing else is known of
 * it. Fitted to labeled meshes with `npm run bench -- confidence`.
 */
const classNats = {
  unreachable: 2.3,
  inter_as: 4,
  intra_as: 2.1,
  flap: 2.2,
} as const;
type GradedClass = keyof typeof classNats;

/** Whether the confidence in a change of a class depends on other tests. */
export function isGradedClass(changeClass: ChangeClass): changeClass is GradedClass {
  return Object.hasOwn(classNats, changeClass);
}

/** By how much each reason changes the log odds, nats. Fitted with `classNats`. */
export const reasonNats: Readonly<Record<GradingReason, number>> = {
  company: 0.6,
  interior: -2.5,
  rehash: -3,
  repeat: -3.7,
  routers: -2.8,
};

/** The probability of a change, 0 to 1; null for a class that is not graded. */
export function confidenceOf(
  changeClass: ChangeClass,
  reasons: readonly GradingReason[],
): number | null {
  if (!isGradedClass(changeClass)) return null;
  const nats = reasons.reduce(
    (sum, reason) => sum + reasonNats[reason],
    classNats[changeClass] as number,
  );
  return 1 / (1 + Math.exp(-nats));
}
