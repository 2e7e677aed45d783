import { z } from 'zod';
import { canonicalAddress } from '../../lib/ip.ts';
import { daySeconds } from '../../model/time.ts';

/** Epoch seconds. */
export const at = z.number().min(0).max(1e10);
/** The same, whole. */
export const seconds = z.int().min(0).max(1e10);
/** Midnight UTC. */
export const midnight = at.multipleOf(daySeconds);
/** How many. */
export const count = z.int().min(0);
/** Number of an autonomous system. */
export const asn = z.int().min(0).max(0xffff_ffff);
/** Canonical IP address. */
export const address = z
  .string()
  .refine((text) => canonicalAddress(text) === text, { error: 'not a canonical address' });
/** One line of text: names go to terminals and pages. */
export const text = z.string().refine((value) => !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(value), {
  error: 'holds a control character',
});
/** Names pages, so nothing that leads elsewhere. */
export const testId = z.string().regex(/^[0-9A-Za-z][0-9A-Za-z._-]{0,199}$/);
/** Time to live of a probe. */
export const ttl = z.int().min(0).max(1000);
