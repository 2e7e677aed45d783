import { intervalOf } from '../../analysis/window/freshness.ts';
import { isOverdue } from '../../model/test/overdue.ts';
import { retirementText } from '../../model/test/retirementText.ts';
import { testText } from '../../model/test/testText.ts';
import { formatDuration, utcTime } from '../../model/values/format.ts';
import type { KnownTest } from '../knownTests.ts';

/** `192.0.2.1_192.0.2.2_mtr_0123456789ab  host-a → host-b (IPv4, mtr)  last result 5 min ago`. */
export function testLine(test: KnownTest, now: number): string {
  return [test.id, testText(test), deliveryText(test, now)].join('  ');
}

function deliveryText(test: KnownTest, now: number): string {
  const { retired, newestTraceAt } = test;
  if (retired !== null) return retirementText(retired);
  if (newestTraceAt === null) return 'no result yet';
  return isDelivering(test, now)
    ? `last result ${formatDuration(now - newestTraceAt)} ago`
    : `silent since ${utcTime(newestTraceAt)}`;
}

/** Whether no result of a test is overdue. */
export function isDelivering(test: KnownTest, now: number): boolean {
  const { newestTraceAt } = test;
  return newestTraceAt !== null && !isOverdue(now - newestTraceAt, intervalOf(test));
}
