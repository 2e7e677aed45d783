const header = /^[ \t]*\[([^[\]]+)\][ \t]*(#.*)?\r?$/;
const anyHeader = /^[ \t]*\[/;
const blankOrComment = /^[ \t]*(#.*)?\r?$/;

/**
 * Removes the headers of empty tables that appear again: TOML rejects a second `[email]` even if
 * the first is from a sample with all keys commented out. Lines keep their numbers.
 */
export function removeEmptyDuplicateTables(source: string): string {
  const lines = source.split('\n');
  const linesByTable = Map.groupBy(lines.keys(), (lineIndex) =>
    header.exec(lines[lineIndex] ?? '')?.[1]?.trim(),
  );
  linesByTable.delete(undefined);
  for (const repeated of [...linesByTable.values()].filter(({ length }) => length > 1)) {
    const emptyHeaders = repeated.filter((lineIndex) => isEmptyTable(lines, lineIndex));
    // If all are empty, one of them must remain.
    for (const lineIndex of emptyHeaders.length < repeated.length
      ? emptyHeaders
      : emptyHeaders.slice(1))
      lines[lineIndex] = '';
  }
  return lines.join('\n');
}

function isEmptyTable(lines: readonly string[], lineIndex: number): boolean {
  const next = lines.slice(lineIndex + 1).find((line) => !blankOrComment.test(line));
  return next === undefined || anyHeader.test(next);
}
