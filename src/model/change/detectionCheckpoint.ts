/** An earlier state of the detection, to which it returns when late traces arrive. */
export interface DetectionCheckpoint {
  /** Start of the newest trace in this state, epoch seconds. */
  readonly until: number;
  /** The serialized state: plain JSON. */
  readonly engine: unknown;
}
