import { runChild } from '../../lib/childProcess.ts';
import type { ProbePlan } from '../types.ts';
import { readLines } from './linePieces.ts';
import { mtrArguments, mtrEnvironment, mtrLimitSeconds } from './mtrCommand.ts';
import { rawFormat } from './rawReader.ts';
import type { DocumentSink, RunDocument } from './runDocument.ts';
import { failureOf, type RunFailure } from './runFailure.ts';

/** The program and its environment. */
export interface MtrProgram {
  /** A program name, or a file. */
  readonly command: string;
  /** Longest run; null allows for its packets. */
  readonly limitSeconds: number | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** The output of a run of mtr (null if there was none), or its failure. */
export type MtrResult =
  | { readonly document: RunDocument | null; readonly failure: null }
  | { readonly document: null; readonly failure: RunFailure };

/** Runs mtr once and reads its output as it arrives. Throws the reason of an aborted signal. */
export async function runMtr(
  address: string,
  plan: ProbePlan,
  { command, limitSeconds, environment, signal }: MtrProgram,
): Promise<MtrResult> {
  const limit = limitSeconds ?? mtrLimitSeconds(plan);
  let document: RunDocument | null = null;
  const sink: DocumentSink = {
    onRun(run) {
      document ??= run;
    },
    onFault: () => {},
    onTimeLine: () => {},
  };
  const end = await runChild({
    command,
    arguments: mtrArguments(address, plan),
    environment: mtrEnvironment(environment),
    limitSeconds: limit,
    signal,
    read: (output) => readOutput(output, sink),
  });
  const failure = failureOf(end, limit);
  return failure === null ? { document, failure } : { document: null, failure };
}

async function readOutput(output: AsyncIterable<Uint8Array>, sink: DocumentSink): Promise<void> {
  const reader = rawFormat.open(sink);
  for await (const lines of readLines(output)) for (const line of lines) reader.readLine(line);
  reader.end();
}
