/** How far an archive that sends one stream has been read. Times are epoch seconds. */
export interface StreamPosition {
  /** All results that started from here on, before `to`, and that arrived before the cursor. */
  readonly from: number;
  /** null: without an end. */
  readonly to: number | null;
  readonly cursor: StreamCursor;
}

/**
 * The results that have arrived: by index, the highest sequence number, and the identity of the
 * index if it is known; or the time of arrival of the newest result, epoch seconds.
 */
export type StreamCursor =
  | {
      readonly sequences: Readonly<Record<string, number>>;
      readonly uuids?: Readonly<Record<string, string>>;
    }
  | { readonly arrivedUntil: number };
