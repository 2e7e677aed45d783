import { responderAddress } from '../probeValues.ts';
import { createHopRow, mergeRows, numberOf, ttlOf } from './mtrColumns.ts';
import {
  blankRun,
  type DocumentReader,
  type DocumentSink,
  deliver,
  type FilePosition,
  type HopRow,
  type OutputFormat,
  type RunDocument,
} from './runDocument.ts';

/** Longest document, characters: 255 hops with every column are a fifth of it. */
const maxDocumentLength = 1_048_576;

/** `mtr --xml`. mtr does not escape names, so an XML parser would reject some documents. */
export const xmlFormat: OutputFormat = {
  name: 'mtr --xml',
  recognizes: (text) => /^\s*<(\?xml|MTR)\b/.test(text),
  open: createXmlReader,
};

function createXmlReader(sink: DocumentSink): DocumentReader {
  let parts: string[] = [];
  let length = 0;
  let start: FilePosition | null = null;
  let isInterrupted = false;

  function abandonDocument(): void {
    if (start !== null && parts.length > 0) sink.onFault('incomplete XML document', start);
    start = null;
    parts = [];
    length = 0;
  }

  return {
    readLine({ text, number, byte, startsLine }) {
      if (isInterrupted) return false;
      if (startsLine && /^\s*<\?xml\b/.test(text)) {
        abandonDocument();
        if (!/<MTR\b/.test(text)) return true;
      }
      // Unlike other formats, lines of a document start with a blank or an angle bracket.
      if (startsLine && /^(\s*<MTR\b|[^\s<])/.test(text)) abandonDocument();
      if (start === null && !/<MTR\b/.test(text)) return false;
      start ??= { line: number, byte };
      parts.push(text);
      length += text.length;
      if (/<\/MTR>/.test(text)) {
        deliver(readXmlRun(parts.join('\n')), start, sink);
        parts = [];
        start = null;
        length = 0;
      } else if (length > maxDocumentLength) {
        abandonDocument();
        return false;
      }
      return true;
    },
    interrupt() {
      abandonDocument();
      isInterrupted = true;
    },
    end: abandonDocument,
  };
}

/** Head and body of a hop. The head ends before the first value, regardless of the name in it. */
const hubPattern = /<HUB\s(.*?)\s*>(?=\s*<(?:\/HUB>|[\w ]+%?>[\s\d.,%]*<\/))(.*?)<\/HUB>/gs;
/** The head of a run, which ends before the first hop. */
const headPattern = /<MTR\s(.*?)\s*>(?=\s*<(?:HUB\b|\/MTR>))/s;

/** The run in one document, or its fault. */
function readXmlRun(text: string): RunDocument | string {
  const { SRC, DST, TESTS, PSIZE } = attributesOf(headPattern.exec(text)?.[1] ?? '');
  const hubs = text.matchAll(hubPattern);
  const rows = [...hubs].map(([, head = '', body = '']) =>
    rowOf(attributesOf(head), body, numberOf(TESTS)),
  );
  const known = rows.filter((row) => row !== null);
  const isValid = known.length === (text.match(/<HUB\b/g)?.length ?? 0);
  if (DST === undefined || !isValid) return 'invalid XML document';
  return {
    ...blankRun,
    tool: 'mtr',
    source: SRC ?? null,
    destination: DST,
    hops: mergeRows(known),
    packetBytes: PSIZE ?? null,
  };
}

function rowOf(head: XmlAttributes, body: string, tests: number): HopRow | null {
  const ttl = ttlOf(head.COUNT);
  if (ttl === null || head.HOST === undefined) return null;
  const values = new Map<string, string>();
  for (const [, title = '', value = ''] of body.matchAll(/<(\w+)%?>([^<]*)<\/\1%?>/g)) {
    values.set(title === 'Loss' ? 'Loss%' : title, value);
  }
  const sent = Number.isInteger(tests) && tests > 0 ? tests : null;
  return createHopRow(
    ttl,
    hostOf(head.HOST, head.ADDR),
    head.ASN,
    (title) => values.get(title),
    sent,
  );
}

/** After 0.96, the address has its own attribute. */
function hostOf(host: string, address: string | undefined): string {
  return responderAddress(address) === null ? host : `${host} (${address})`;
}

type XmlAttributes = Readonly<Record<string, string | undefined>>;

const quotedAttribute = /(\w+)="(.*?)"(?=\s+\w+="|\s*$)/gs;
/** mtr up to 0.85 writes no quotes. */
const plainAttribute = /(\w+)=(.*?)(?=\s+[A-Z]+=|\s*$)/gs;

function attributesOf(head: string): XmlAttributes {
  const found = head.matchAll(/^\w+="/.test(head) ? quotedAttribute : plainAttribute);
  return Object.fromEntries([...found].map(([, name, value = '']) => [name, plainText(value)]));
}

const entities: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
};

function plainText(text: string): string {
  return text.replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => entities[name] ?? '');
}
