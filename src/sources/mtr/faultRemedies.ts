const formatsRemedy = 'docs/formats.md lists the programs and options whose output pstrace reads.';

/** Remedies by words of the fault. The first that matches counts. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [/several targets/, 'Measure each target with its own command.'],
  [/^interrupted/, 'Keep other messages out of the file, for example with 2>/dev/null.'],
  [/more than \d+ million/, 'Import its results in several files.'],
  [/that failed$/, 'Nothing is to be done: such a run has no route.'],
  [/second probe/, 'Measure each city and network from one probe.'],
  [
    /incomplete|without its heading/,
    `The program was stopped, another one wrote into its output, or the form is new. ${formatsRemedy}`,
  ],
  [/invalid|without the address/, `The file was changed or damaged. ${formatsRemedy}`],
];

/** The remedy for a fault of a document. */
export function faultRemedy(fault: string): string {
  return remedies.find(([pattern]) => pattern.test(fault))?.[1] ?? formatsRemedy;
}
