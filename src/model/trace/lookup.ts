/** Kind of a look-up: the name of an address by reverse DNS, or the AS that announces it. */
export type LookupKind = 'name' | 'as';

/** Result of a look-up; null if it found nothing or failed. */
export interface LookupResult {
  readonly address: string;
  readonly hostname: string | null;
  readonly asn: number | null;
  readonly asName: string | null;
  /** Epoch seconds of the earliest next look-up. */
  readonly until: number;
}
