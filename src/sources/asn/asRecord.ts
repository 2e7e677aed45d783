/** Who announces an address. */
export interface AsRecord {
  readonly asn: number;
  readonly asName: string | null;
}

/**
 * Looks up who announces addresses. What is not in the result is not announced, or could not be looked up; nothing is
 * thrown for single addresses.
 */
export type AsLookup = (addresses: readonly string[]) => Promise<ReadonlyMap<string, AsRecord>>;

/** An AS number as text; null for what can be none, also for 0, which stands for what nobody announces. */
export function asNumberOf(text: string): number | null {
  const asn = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  return asn >= 1 && asn <= 0xffff_ffff ? asn : null;
}
