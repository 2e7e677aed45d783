/** A case of a logistic regression: which features it has, and how it came out. */
export interface LogisticCase {
  readonly features: readonly string[];
  readonly isRight: boolean;
}

/** Weight of the assumption that a feature says nothing: as much as so many cases. */
const priorCases = 1;
const steps = 3000;
const stepSize = 0.5;

/** The probability of a case under weights, nats by feature. */
export function probability(
  { features }: LogisticCase,
  weights: ReadonlyMap<string, number>,
): number {
  const nats = features.reduce((sum, feature) => sum + (weights.get(feature) ?? 0), 0);
  return 1 / (1 + Math.exp(-nats));
}

/** The weights, nats by feature, under which the cases are likeliest: gradient ascent. */
export function fitLogistic(cases: readonly LogisticCase[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const feature of cases.flatMap(({ features }) => features))
    counts.set(feature, (counts.get(feature) ?? 0) + 1);
  const weights = new Map([...counts.keys()].map((feature) => [feature, 0]));
  for (let step = 0; step < steps; step++) {
    const gradient = new Map<string, number>();
    for (const each of cases) {
      const error = Number(each.isRight) - probability(each, weights);
      for (const feature of each.features)
        gradient.set(feature, (gradient.get(feature) ?? 0) + error);
    }
    for (const [feature, weight] of weights) {
      const slope = (gradient.get(feature) ?? 0) - (priorCases * weight) / 4;
      weights.set(
        feature,
        weight + (stepSize * slope * 4) / ((counts.get(feature) ?? 0) + priorCases),
      );
    }
  }
  return weights;
}
