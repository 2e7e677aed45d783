import { daySeconds } from '../../model/values/time.ts';

/** Configuration of the detection. */
export interface DetectionSettings {
  /** A change that made nothing worse becomes the new baseline after this many seconds. */
  readonly acceptAfterSeconds: number;
}

/** The settings without a configuration. */
export const defaultDetectionSettings: DetectionSettings = { acceptAfterSeconds: 7 * daySeconds };
