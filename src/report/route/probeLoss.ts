import type { Trace } from '../../model/trace/trace.ts';
import { type HopLoss, withPersistence } from './hopLoss.ts';

/** Loss of each hop of one trace; the percentage is null for a tool that sends a single probe. */
export function probeLoss({ route, probes }: Trace): HopLoss[] {
  let index = 0;
  return withPersistence(
    route.hops.map(({ addresses }, position) => {
      const sent = probes?.sent[position] ?? 1;
      const answers = probes?.received.slice(index, index + addresses.length) ?? [];
      index += addresses.length;
      const received = answers.reduce((sum, each) => sum + each, 0);
      const lossPct = probes === null ? null : (Math.max(0, sent - received) / sent) * 100;
      return { sent, lossPct: sent === 0 ? null : lossPct };
    }),
  );
}
