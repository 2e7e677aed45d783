import { createSocket } from 'node:dgram';
import { onTestFinished } from 'vitest';

/** Answers by `TYPE name` in lower case: texts of the records; `'servfail'`, or `'silence'` for no answer at all. */
export type DnsZone = Readonly<Record<string, readonly string[] | 'servfail' | 'silence'>>;

/** A name server on loopback that knows PTR and TXT records. */
export interface DnsServer {
  /** `address:port`. */
  readonly server: string;
  readonly questions: string[];
}

const types: Readonly<Record<number, string>> = { 12: 'PTR', 16: 'TXT' };

/** Serves a zone until the test has finished; names that are not in it do not exist. */
export async function serveDns(zone: DnsZone): Promise<DnsServer> {
  const questions: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, { address, port }) => {
    const { name, type, end } = readQuestion(query);
    const question = `${types[type]} ${name}`;
    questions.push(question);
    const answer = zone[question];
    if (answer === 'silence') return;
    const code = answer === undefined ? 3 : answer === 'servfail' ? 2 : 0;
    const records = typeof answer === 'object' ? answer.map((text) => record(type, text)) : [];
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(0x8180 | code, 2);
    header.writeUInt16BE(records.length, 6);
    header.writeUInt32BE(0, 8);
    socket.send(Buffer.concat([header, query.subarray(12, end), ...records]), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => socket.close(() => resolve())));
  return { server: `127.0.0.1:${socket.address().port}`, questions };
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** A record of the name that was asked for (a pointer to byte 12). */
function record(type: number, text: string): Buffer {
  const data =
    type === 12 ? encodedName(text) : Buffer.concat([Buffer.of(text.length), Buffer.from(text)]);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function encodedName(name: string): Buffer {
  const labels = name
    .split('.')
    .map((label) => Buffer.concat([Buffer.of(label.length), Buffer.from(label)]));
  return Buffer.concat([...labels, Buffer.of(0)]);
}
