import type { MaintenanceWindow } from '../model/alerting/maintenance.ts';
import type { Silence } from '../model/alerting/silence.ts';
import type { TestGroup } from '../model/test/selection.ts';
import { maintenanceSilences } from '../notify/routing/maintenance.ts';
import type { Store } from '../store/store.ts';

/** The groups and maintenance windows of the configuration. */
export interface SilencingConfig {
  readonly groups: readonly TestGroup[];
  readonly alerts: { readonly maintenance: readonly MaintenanceWindow[] } | null;
}

/** The silences in the store and the maintenance windows around `now` (epoch seconds). */
export function allSilences(
  store: Pick<Store, 'silences'>,
  { alerts }: Pick<SilencingConfig, 'alerts'>,
  now: number,
): Silence[] {
  return [...store.silences.list(), ...maintenanceSilences(alerts?.maintenance ?? [], now)];
}
