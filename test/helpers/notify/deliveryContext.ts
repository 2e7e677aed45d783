import type { DeliveryContext } from '../../../src/notify/channels/deliver.ts';

/** A round of deliveries at a moment, alone on the host; bugs fail the test. */
export function deliveryContext(
  now: number,
  parts: Partial<DeliveryContext> = {},
): DeliveryContext {
  return {
    now,
    signal: new AbortController().signal,
    log: { info: () => {} },
    limitSeconds: 60,
    reserve: () => () => {},
    contain: (error) => {
      throw error;
    },
    ...parts,
  };
}
