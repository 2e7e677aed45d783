/** A printed record: its kind and target, its form without its figures, and its time. */
export interface PrintedRecord {
  readonly kind: 'ping' | 'trace' | 'scan';
  readonly target: string;
  /** Figures are `#`, ctime's time is `@`. */
  readonly form: string;
  /** Epoch milliseconds; null for none. */
  readonly timestamp: number | null;
}

const jsonHead = /^\{"addr":"([^"]*)",.*?"(ping|trace|scan)":/;
const textHead = /^\d+(?:\.\d+){3}$/;
const ctime = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;

/** The records of an output. Throws for a line that belongs to none. */
export function parseRecords(output: string): PrintedRecord[] {
  const texts: string[][] = [];
  const records: PrintedRecord[] = [];
  for (const line of output.split('\n').filter((text) => text !== '')) {
    if (line.startsWith('{')) records.push(jsonRecord(line));
    else if (textHead.test(line)) texts.push([line]);
    else if (texts.at(-1)?.push(line) === undefined) throw new Error(`no record: ${line}`);
  }
  return [...records, ...texts.map(textRecord)];
}

function jsonRecord(line: string): PrintedRecord {
  const [, target, kind] = jsonHead.exec(line) ?? [];
  const { timestamp = null } = JSON.parse(line) as { timestamp?: number };
  if (target === undefined) throw new Error(`no record: ${line}`);
  return { kind: kind as PrintedRecord['kind'], target, form: formOf([line]), timestamp };
}

function textRecord(lines: readonly string[]): PrintedRecord {
  const [target = '', ...rest] = lines;
  const values = rest.filter((line) => !ctime.test(line));
  const time = rest.find((line) => ctime.test(line));
  const columns = values[0]?.split('\t').length ?? 0;
  const kind = columns === 5 ? 'ping' : columns === 3 ? 'scan' : 'trace';
  const timestamp = time === undefined ? null : Date.parse(time);
  return { kind, target, form: formOf(lines), timestamp };
}

function formOf(lines: readonly string[]): string {
  return lines
    .map((line) => (ctime.test(line) ? '@' : line.replace(/-?\d+\.(?:\d{6}|\d{3})(?![\d.])/g, '#')))
    .join('\n');
}
