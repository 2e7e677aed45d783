import { responderAddress } from '../../src/sources/probeValues.ts';
import { deep } from './mutations.ts';

/** All values of a response under certain names, at any depth, from which results may derive. */
export interface Facts {
  readonly addresses: ReadonlySet<string>;
  /** Milliseconds, rounded to 1 µs. */
  readonly rttsMs: ReadonlySet<number>;
  readonly mtus: ReadonlySet<number>;
  readonly times: ReadonlySet<number>;
}

/** A number or its text. */
function numberIn(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

/** Collects the facts of responses, at any depth. */
export function factsOf(answers: readonly unknown[]): Facts {
  const facts = {
    addresses: new Set<string>(),
    rttsMs: new Set<number>(),
    mtus: new Set<number>(),
    times: new Set<number>(),
  };
  const stack: unknown[] = [...answers];
  while (stack.length > 0) {
    const value = stack.pop();
    if (typeof value !== 'object' || value === null || value === deep) continue;
    for (const [key, inner] of Object.entries(value)) {
      const address = responderAddress(inner);
      if (address !== null) facts.addresses.add(address);
      const number = numberIn(inner);
      if (key === 'rtt') facts.rttsMs.add(Math.round(number * 1000) / 1000);
      if (key === 'mtu' || key === 'val') facts.mtus.add(number);
      if (key === 'ts') facts.times.add(number);
      stack.push(inner);
    }
  }
  return facts;
}
