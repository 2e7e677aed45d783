/** An operator's word that a change is usual from now on, until it is taken back. */
export interface Acceptance {
  readonly changeId: string;
  /** Epoch seconds. */
  readonly at: number;
  /** User who accepted it; null if unknown. */
  readonly by: string | null;
  /** Why; null in data without a reason. */
  readonly note: string | null;
}
