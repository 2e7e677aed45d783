import {
  type Format,
  type HopRow,
  mostRows,
  type Place,
  type Reader,
  type Sink,
} from './document.ts';
import { mergeRows, ttlOf, withHosts } from './figures.ts';
import type { Line } from './lines.ts';
import { readMoment } from './moment.ts';
import { type Heading, otherHost, readHeading, readRow } from './reportRows.ts';

/** `mtr --report` and `--report-wide`. They tell the measuring host, but not what was asked for. */
export const reportFormat: Format = {
  begins: (text) => /^(Start|HOST): /.test(text),
  open: createReportReader,
};

function createReportReader(sink: Sink): Reader {
  let begun: Place | null = null;
  let startedAt: number | null = null;
  let heading: Heading | null = null;
  let rows: HopRow[] = [];
  let isDamaged = false;

  function damaged(what: string, place: Place): true {
    if (!isDamaged) sink.damage(what, place);
    isDamaged = true;
    return true;
  }

  function takeRow(line: Line, ttl: number, top: Heading): true {
    const row = readRow(line.text, ttl, top);
    if (row === null || rows.length >= mostRows)
      return damaged('a row of a report that breaks off', placeOf(line));
    rows.push(row);
    return true;
  }

  /** A line between two rows: a further host of the hop above, or its MPLS labels. */
  function takeOther(line: Line): true {
    const other = otherHost(line.text);
    const last = rows.at(-1);
    if (other !== null && last !== undefined) rows.splice(-1, 1, withHosts(last, [other]));
    const isKnown = other !== null || /\[MPLS: /.test(line.text);
    return isKnown || damaged('a row of a report that breaks off', placeOf(line));
  }

  return {
    take(line) {
      const { text } = line;
      begun ??= placeOf(line);
      if (text.startsWith('Start: ')) {
        if (startedAt !== null || heading !== null) return false;
        startedAt = readMoment(text.slice(7));
        return true;
      }
      if (text.startsWith('HOST: ')) {
        if (heading !== null) return false;
        heading = readHeading(text);
        return true;
      }
      if (heading === null || text.trim() === '') return false;
      const ttl = ttlOf(/^\s*(\d{1,3})\.(\|--)?(\s|$)/.exec(text)?.[1]);
      if (ttl !== null) return takeRow(line, ttl, heading);
      return rows.length > 0 && /^\s/.test(text) && takeOther(line);
    },
    end() {
      const place = begun ?? { line: 1, byte: 0 };
      if (heading === null) damaged('a report without its heading', place);
      if (isDamaged || heading === null) return;
      sink.document(
        {
          tool: 'mtr',
          source: heading.source,
          destination: null,
          destinationAddress: null,
          startedAt,
          hops: mergeRows(rows),
          reached: null,
          pathMtu: null,
          packetBytes: null,
        },
        place,
      );
      rows = [];
    },
  };
}

function placeOf({ number, byte }: Line): Place {
  return { line: number, byte };
}
