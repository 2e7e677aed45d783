/** A state of the detection at an earlier time, to go back to when traces come late. */
export interface DetectionCheckpoint {
  /** Start of the newest trace that the state has taken in, epoch seconds. */
  readonly until: number;
  /** The serialized state: plain JSON. */
  readonly engine: unknown;
}
