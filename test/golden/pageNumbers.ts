const entities: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  amp: '&',
  '#39': "'",
};

/** The visible text of a part of a page. */
function text(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole)
    .trim();
}

/** The body of the table that has a class or attribute: the texts of its cells, row by row. */
export function tableRows(page: string, mark: string): string[][] {
  const table = new RegExp(`<table [^>]*${mark}[^>]*>([\\s\\S]*?)</table>`).exec(page)?.[1] ?? '';
  const body = table.replace(/<thead>[\s\S]*?<\/thead>/, '');
  return [...body.matchAll(/<tr[^>]*>([\s\S]*?)<\/tr>/g)].map(([, row = '']) =>
    [...row.matchAll(/<t[dh][^>]*>([\s\S]*?)<\/t[dh]>/g)].map(([, cell = '']) => text(cell)),
  );
}

/** A responder's row of the hop table. */
export interface HopRow {
  readonly ttl: number;
  readonly ip: string;
  /** Whether the responder is one of the route in use. */
  readonly isInUse: boolean;
  readonly received: string;
  /** Last, Min, Median, Threshold, Worst. */
  readonly times: readonly string[];
  readonly status: string;
}

/**
 * The rows of the hop table with an address. The first row of each hop starts with its number and
 * has four cells for all of its rows.
 */
export function hopRows(page: string): HopRow[] {
  let ttl = 0;
  return tableRows(page, 'hops').flatMap((cells) => {
    const isFirst = /^\d+$/.test(cells[0] ?? '');
    if (isFirst) ttl = Number(cells[0]);
    const [host = '', ip = ''] = isFirst ? cells.slice(1) : cells;
    const numbers = cells.slice(isFirst ? 6 : 3);
    if (!/^[\da-f.:]+$/.test(ip)) return [];
    const [received = '', ...times] = numbers;
    const [status = ''] = /^(. (ok|slow)|few samples)?/.exec(cells.at(-1) ?? '') ?? [];
    const isInUse = !/(?:silent now|other route)$/.test(host);
    return [{ ttl, ip, isInUse, received, times: times.slice(0, 5), status }];
  });
}

/** The figures of a test's cell in the grid, as the scripts of the page read them. */
export function gridFigures(page: string, id: string): string[] {
  const [, figures = ''] = new RegExp(`data-v="([^"]*)" href="tests/${id}/`).exec(page) ?? [];
  return figures.split(' ');
}

/** The row of the list below the grid that links to a test. */
export function listRow(page: string, id: string): string[] | undefined {
  const rows = page.split('<tr>').filter((row) => row.includes(`<a class="state `));
  const row = rows.findIndex((one) => one.includes(`href="tests/${id}/`));
  return tableRows(page, 'data-list')[row];
}

/** TTL, address and time of the hops that replied in the trace as text. */
export function rawHops(page: string): string[][] {
  const raw = text(/<pre[^>]*>([\s\S]*?)<\/pre>/.exec(page)?.[1] ?? '');
  const lines = raw.split('\n').slice(2);
  let ttl = '';
  return lines.flatMap((line) => {
    ttl = /^ *(\d+)\./.exec(line)?.[1] ?? ttl;
    const [, ip, last] = /(?:\(|\s)([\da-f.:]+)\)?\s+[\d.]+%\s+\d+\s+(\S+)$/.exec(line) ?? [];
    return ip === undefined || last === undefined ? [] : [[ttl, ip, last]];
  });
}

/** Starts of the periods that a history page shows, newest first. */
export function periodStarts(page: string): string[] {
  return [...page.matchAll(/<li class="period" id="t(\w+)"/g)].map(([, start = '']) => start);
}
