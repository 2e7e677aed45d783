import type { Family, ProbeProtocol } from '../../model/test/test.ts';
import { createTestId } from '../testId.ts';
import type { TestDescription } from '../types.ts';
import type { TraceTool } from './runDocument.ts';
import { endpointOf, identityOf, idPart, type RunEnd } from './runEnd.ts';

/** `Test.archive` of local measurements and imported files. */
export const localArchive = 'local';

/** Facts that identify the test of a run, and its label. */
export interface LocalTestFacts {
  readonly source: RunEnd;
  readonly destination: RunEnd;
  readonly tool: TraceTool;
  readonly family: Family;
  readonly protocol: ProbeProtocol;
  readonly port: number | null;
  readonly packetBytes: string | null;
  readonly label: string | null;
}

/**
 * The test of a run. Its key is the JSON of tool, source, target, family, protocol and port, so
 * that different tests have different keys. Names precede addresses, so that a host with a new
 * address remains the same test.
 */
export function createLocalTest(facts: LocalTestFacts): TestDescription {
  const { source, destination, tool, family, protocol, port } = facts;
  const ends = [identityOf(source), identityOf(destination)];
  const key = JSON.stringify([tool, ...ends, family, protocol, port]);
  return {
    id: createTestId(localArchive, key, [idPart(source), idPart(destination), tool]),
    archive: localArchive,
    key,
    tool,
    source: endpointOf(source),
    destination: endpointOf(destination),
    family,
    taskName: facts.label,
    parameters: parametersOf(facts),
    eventTypes: [],
  };
}

/** Parameters under the names that archives use. */
function parametersOf({ protocol, port, packetBytes }: LocalTestFacts): Record<string, string> {
  const parameters: Record<string, string> = { 'ip-transport-protocol': protocol };
  if (port !== null) parameters['trace-dest-port'] = String(port);
  if (packetBytes !== null && /^\d{1,5}$/.test(packetBytes)) {
    parameters['ip-packet-size'] = packetBytes;
  }
  return parameters;
}
