import type { TimeOfDayRange } from '../values/time.ts';
import type { Silence } from './silence.ts';

/** Time of a maintenance window: once (epoch seconds), or weekly in the time of a zone. */
export type MaintenanceTime =
  | { readonly kind: 'once'; readonly from: number; readonly until: number }
  | {
      readonly kind: 'weekly';
      /** Days on which the span begins, 0: Sunday. */
      readonly weekdays: readonly number[];
      readonly span: TimeOfDayRange;
      readonly timeZone: string;
    };

/** A planned maintenance window of the configuration; its other fields are those of `Silence`. */
export interface MaintenanceWindow
  extends Pick<Silence, 'tests' | 'groups' | 'elements' | 'classes' | 'reason'> {
  readonly time: MaintenanceTime;
}
