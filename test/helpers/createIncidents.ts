import type { IncidentsState } from '../../src/analysis/detection/incidents/incidents.ts';

/** The state before the first incident. */
export function createIncidents(): IncidentsState {
  return { incidents: [], merged: {} };
}
