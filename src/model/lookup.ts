/** What can be looked up of an address: its name by reverse DNS, or who announces it. */
export type LookupKind = 'name' | 'as';

/** What a look-up told of an address; nulls where there is nothing to tell, or nobody could. */
export interface LookupResult {
  readonly address: string;
  readonly hostname: string | null;
  readonly asn: number | null;
  readonly asName: string | null;
  /** Epoch seconds at which the question may be asked again. */
  readonly until: number;
}
