import { utcTime } from '../values/format.ts';
import type { Retirement, Retirer } from './test.ts';

const reasons: Readonly<Record<Retirer, string>> = {
  operator: 'by an operator',
  template: 'because the psConfig template no longer contains it',
};

/** `retired at 2026-11-20 10:20 UTC by an operator`. */
export function retirementText({ at, by }: Retirement): string {
  return `retired at ${utcTime(at)} ${reasons[by]}`;
}
