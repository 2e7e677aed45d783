const formatsRemedy = 'docs/formats.md lists the programs and options whose output pstrace reads.';

/** Remedies by words of the fault. The first that matches counts. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [/several targets/, 'Measure each target with its own command.'],
  [/^(?:not output|JSON document of no known tool)/, formatsRemedy],
  [/^interrupted/, 'Keep other messages out of the file, for example with 2>/dev/null.'],
  [
    /incomplete|without its heading/,
    `The program was stopped, another one wrote into its output, or the form is new. ${formatsRemedy}`,
  ],
  [/invalid/, `The file was changed or damaged. ${formatsRemedy}`],
];

/** The remedy for a fault of a document; null for none. */
export function faultRemedy(fault: string): string | null {
  return remedies.find(([pattern]) => pattern.test(fault))?.[1] ?? null;
}
