const header = /^[ \t]*\[([^[\]]+)\][ \t]*(#.*)?\r?$/;
const anyHeader = /^[ \t]*\[/;
const nothing = /^[ \t]*(#.*)?\r?$/;

/**
 * The text of a TOML file without the headers of tables under which nothing is set and which stand there once more: TOML refuses
 * a second `[email]`, also where the first is that of a sample with everything commented out. Lines keep their numbers.
 */
export function withoutIdleHeaders(source: string): string {
  const lines = source.split('\n');
  const places = Map.groupBy(lines.keys(), (at) => header.exec(lines[at] ?? '')?.[1]?.trim());
  places.delete(undefined);
  for (const repeated of [...places.values()].filter(({ length }) => length > 1)) {
    const idle = repeated.filter((at) => isIdle(lines, at));
    // One of them may stay: then the table is there, as it was.
    for (const at of idle.length < repeated.length ? idle : idle.slice(1)) lines[at] = '';
  }
  return lines.join('\n');
}

function isIdle(lines: readonly string[], at: number): boolean {
  const next = lines.slice(at + 1).find((line) => !nothing.test(line));
  return next === undefined || anyHeader.test(next);
}
