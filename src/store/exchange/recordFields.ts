import { z } from 'zod';
import { canonicalAddress } from '../../lib/ip.ts';
import { daySeconds } from '../../model/values/time.ts';

/** Epoch seconds. */
export const at = z.number().min(0).max(1e10);
/** Whole epoch seconds. */
export const seconds = z.int().min(0).max(1e10);
/** Midnight UTC. */
export const midnight = at.multipleOf(daySeconds);
/** A number of things. */
export const count = z.int().min(0);
/** AS number. */
export const asn = z.int().min(0).max(0xffff_ffff);
/** Canonical IP address. */
export const address = z
  .string()
  .refine((text) => canonicalAddress(text) === text, { error: 'not a canonical address' });
/** Text without line breaks and control characters: it reaches terminals and pages. */
export const text = z.string().refine((value) => !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(value), {
  error: 'contains a control character',
});
/** Becomes part of file names, so it must not lead to another folder. */
export const testId = z.string().regex(/^[0-9A-Za-z][0-9A-Za-z._-]{0,199}$/);
/** Time to live. */
export const ttl = z.int().min(0).max(1000);
