import { createHash } from 'node:crypto';
import type { Family, ProbeProtocol } from '../../model/test.ts';
import type { TestDescription } from '../types.ts';
import type { TraceTool } from './runDocument.ts';
import { endpointOf, identityOf, idPart, type RunEnd } from './runEnd.ts';

/** `Test.archive` of everything that was measured here or came as a file. */
export const localArchive = 'local';

/** What makes a run one of a certain test, and what else is to be told of the test. */
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
 * The test of a run. Its key holds tool, source, target, family, protocol and port as JSON, so that different tests have
 * different keys; names count before addresses, so that a host that gets a new address stays the same test.
 */
export function createLocalTest(facts: LocalTestFacts): TestDescription {
  const { source, destination, tool, family, protocol, port } = facts;
  const ends = [identityOf(source), identityOf(destination)];
  const key = JSON.stringify([tool, ...ends, family, protocol, port]);
  const digest = createHash('sha256').update(`${localArchive}\n${key}`).digest('hex').slice(0, 12);
  return {
    id: [idPart(source), idPart(destination), tool, digest].join('_'),
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

/** In the words that archives use for the same. */
function parametersOf({ protocol, port, packetBytes }: LocalTestFacts): Record<string, string> {
  const parameters: Record<string, string> = { 'ip-transport-protocol': protocol };
  if (port !== null) parameters['trace-dest-port'] = String(port);
  if (packetBytes !== null && /^\d{1,5}$/.test(packetBytes)) {
    parameters['ip-packet-size'] = packetBytes;
  }
  return parameters;
}
