/** The AS that announces an address. */
export interface AsRecord {
  readonly asn: number;
  readonly asName: string | null;
}

/**
 * Looks up the ASes of addresses. An address without a result is not announced, or its look-up
 * failed; failures of single addresses throw nothing.
 */
export type AsLookup = (addresses: readonly string[]) => Promise<ReadonlyMap<string, AsRecord>>;

/** Parses an AS number; null for anything else, and for 0, which marks unannounced addresses. */
export function asNumberOf(text: string): number | null {
  const asn = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  return asn >= 1 && asn <= 0xffff_ffff ? asn : null;
}
