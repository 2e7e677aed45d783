import { type JsonObject, jsonObject } from '../../lib/jsonObject.ts';
import { createHopRow, mergeRows, ttlOf } from '../mtr/mtrColumns.ts';
import { blankRun, type HopRow, type RunDocument } from '../mtr/runDocument.ts';
import { responderAddress } from '../probeValues.ts';
import { isoSeconds, listOf, type ResultFormat, textOf } from './resultFormat.ts';

/** trippy: `trip --mode json`. */
export const trippyFormat: ResultFormat = {
  name: 'trip --mode json',
  recognizes: ({ info, hops }) => Array.isArray(hops) && 'target' in jsonObject(info),
  read: readReport,
};

function readReport({ info, hops }: JsonObject): RunDocument | string {
  const { target, start_timestamp: start } = jsonObject(info);
  const { ip, hostname } = jsonObject(target);
  const destinationAddress = responderAddress(ip);
  const rows = listOf(hops).map((hop) => rowsOf(jsonObject(hop)));
  const known = rows.filter((row) => row !== null);
  if (known.length < rows.length || destinationAddress === null) return 'invalid report of trippy';
  return {
    ...blankRun,
    tool: 'trippy',
    destination: textOf(hostname) ?? destinationAddress,
    destinationAddress,
    startedAt: isoSeconds(start),
    hops: mergeRows(known.flat()),
  };
}

/** The names of the columns, which have the meaning of mtr's. */
const columns: Readonly<Record<string, string>> = {
  'Loss%': 'loss_pct',
  Snt: 'sent',
  Rcv: 'recv',
  Last: 'last',
  Avg: 'avg',
  Best: 'best',
  Wrst: 'worst',
  StDev: 'stddev',
};

/** A row for each host of a hop; the first one has the values. null for an invalid hop. */
function rowsOf(hop: JsonObject): HopRow[] | null {
  const ttl = ttlOf(hop.ttl);
  if (ttl === null) return null;
  const [first = '???', ...others] = listOf(hop.hosts).map((host) => hostOf(jsonObject(host)));
  const value = (title: string) => hop[columns[title] ?? ''];
  return [
    createHopRow(ttl, first, null, value, null),
    ...others.map((host) => createHopRow(ttl, host, null, () => null, null)),
  ];
}

function hostOf({ ip, hostname }: JsonObject): string {
  const [address, name] = [textOf(ip) ?? '???', textOf(hostname)];
  return name === null || name === address ? address : `${name} (${address})`;
}
