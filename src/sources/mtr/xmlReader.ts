import {
  type Format,
  type HopRow,
  handOver,
  type Place,
  type Reader,
  type RunDocument,
  type Sink,
} from './document.ts';
import { hopRow, mergeRows, numberOf, ttlOf } from './figures.ts';

/** Longest document, characters: 255 hops with every column are a fifth of it. */
const longestDocument = 1_048_576;

/** `mtr --xml`. mtr escapes nothing in the names it writes, so no XML parser would take them all. */
export const xmlFormat: Format = {
  begins: (text) => /^\s*<(\?xml|MTR)\b/.test(text),
  open: createXmlReader,
};

function createXmlReader(sink: Sink): Reader {
  let parts: string[] = [];
  let length = 0;
  let begun: Place | null = null;

  function breakOff(): void {
    if (begun !== null && parts.length > 0) sink.damage('an XML document that breaks off', begun);
    begun = null;
    parts = [];
    length = 0;
  }

  return {
    take({ text, number, byte, begins }) {
      if (begins && /^\s*<\?xml\b/.test(text)) {
        breakOff();
        if (!/<MTR\b/.test(text)) return true;
      }
      // Lines of a document begin with a blank or a bracket, those of other forms with neither.
      if (begins && /^(\s*<MTR\b|[^\s<])/.test(text)) breakOff();
      if (begun === null && !/<MTR\b/.test(text)) return false;
      begun ??= { line: number, byte };
      parts.push(text);
      length += text.length;
      if (/<\/MTR>/.test(text)) {
        handOver(readXmlRun(parts.join('\n')), begun, sink);
        parts = [];
        begun = null;
        length = 0;
      } else if (length > longestDocument) {
        breakOff();
        return false;
      }
      return true;
    },
    end: breakOff,
  };
}

/** Head and body of a hop. The head ends before the first figure, whatever the name in it looks like. */
const hub = /<HUB\s(.*?")\s*>(?=\s*<(?:\/HUB>|\w+%?>[\s\d.,%]*<\/))(.*?)<\/HUB>/gs;

/** The run in one document, or what is wrong with it. */
function readXmlRun(text: string): RunDocument | string {
  const { SRC, DST, TESTS, PSIZE } = attributesOf(/<MTR\s(.*?")\s*>/s.exec(text)?.[1] ?? '');
  const hubs = text.matchAll(hub);
  const rows = [...hubs].map(([, head = '', body = '']) =>
    rowOf(attributesOf(head), body, numberOf(TESTS)),
  );
  const known = rows.filter((row) => row !== null);
  const isWhole = known.length === (text.match(/<HUB\b/g)?.length ?? 0);
  if (DST === undefined || !isWhole) return 'an XML document that is damaged';
  return {
    tool: 'mtr',
    source: SRC ?? null,
    destination: DST,
    destinationAddress: null,
    startedAt: null,
    hops: mergeRows(known),
    reached: null,
    pathMtu: null,
    packetBytes: PSIZE ?? null,
  };
}

function rowOf(head: Attributes, body: string, tests: number): HopRow | null {
  const ttl = ttlOf(head.COUNT);
  if (ttl === null || head.HOST === undefined) return null;
  const values = new Map<string, string>();
  for (const [, title = '', value = ''] of body.matchAll(/<(\w+)%?>([^<]*)<\/\1%?>/g)) {
    values.set(title === 'Loss' ? 'Loss%' : title, value);
  }
  const sent = Number.isInteger(tests) && tests > 0 ? tests : null;
  return hopRow(ttl, head.HOST, head.ASN, (title) => values.get(title), sent);
}

type Attributes = Readonly<Record<string, string | undefined>>;

function attributesOf(head: string): Attributes {
  const found = head.matchAll(/(\w+)="(.*?)"(?=\s+\w+="|\s*$)/gs);
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
