import ipaddr from 'ipaddr.js';

/** Values that records and metadata are made of; a number stands for an unsigned one of 32 bits. */
type Value = string | number | readonly string[] | { readonly [name: string]: Value };

const types = { text: 2, uint32: 6, map: 7, array: 11 } as const;

/**
 * A database in MaxMind's form (https://maxmind.github.io/MaxMind-DB/): a search tree with records of 24 bits over IPv6, IPv4 at its
 * place in `::/96`, the data, and the metadata.
 */
export function mmdb(networks: Readonly<Record<string, Value>>, databaseType: string): Buffer {
  const nodes: [number | null, number | null][] = [[null, null]];
  const data: Buffer[] = [];
  const leaves: { node: number; side: 0 | 1; offset: number }[] = [];
  let size = 0;
  for (const [network, value] of Object.entries(networks)) {
    leaves.push({ ...leafOf(nodes, bitsOf(network)), offset: size });
    const encoded = encode(value);
    data.push(encoded);
    size += encoded.length;
  }
  const records = nodes.map((pair) => pair.map((record) => record ?? nodes.length));
  for (const { node, side, offset } of leaves) {
    (records[node] as number[])[side] = nodes.length + 16 + offset;
  }
  const tree = Buffer.concat(records.flat().map(uint24));
  const metadata = encode({
    node_count: nodes.length,
    record_size: 24,
    ip_version: 6,
    database_type: databaseType,
    languages: ['en'],
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_795_200_000,
    description: { en: 'made by a test' },
  });
  const marker = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
  return Buffer.concat([tree, Buffer.alloc(16), ...data, marker, metadata]);
}

function bitsOf(network: string): string {
  const [address = '', length = ''] = network.split('/');
  const parsed = ipaddr.parse(address);
  const bytes = parsed.toByteArray();
  const isV4 = bytes.length === 4;
  const all = isV4 ? [...Array.from({ length: 12 }, () => 0), ...bytes] : bytes;
  const bits = all.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits.slice(0, Number(length) + (isV4 ? 96 : 0));
}

/** Walks to the last bit, making nodes on the way. */
function leafOf(
  nodes: [number | null, number | null][],
  bits: string,
): { node: number; side: 0 | 1 } {
  let node = 0;
  for (const bit of bits.slice(0, -1)) {
    const side = bit === '1' ? 1 : 0;
    const pair = nodes[node] as [number | null, number | null];
    if (pair[side] === null) pair[side] = nodes.push([null, null]) - 1;
    node = pair[side];
  }
  return { node, side: bits.endsWith('1') ? 1 : 0 };
}

function uint24(value: number): Buffer {
  return Buffer.of(value >> 16, (value >> 8) & 0xff, value & 0xff);
}

function encode(value: Value): Buffer {
  if (typeof value === 'string') {
    const text = Buffer.from(value);
    return Buffer.concat([control(types.text, text.length), text]);
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([control(types.uint32, 4), bytes]);
  }
  if (Array.isArray(value)) {
    return Buffer.concat([control(types.array, value.length), ...value.map(encode)]);
  }
  const members = Object.entries(value).flatMap(([name, member]) => [encode(name), encode(member)]);
  return Buffer.concat([control(types.map, members.length / 2), ...members]);
}

/** Type and size (below 285); types from 8 on stand in a byte of their own. */
function control(type: number, size: number): Buffer {
  const [small, rest] = size < 29 ? [size, []] : [29, [size - 29]];
  return type < 8 ? Buffer.of((type << 5) | small, ...rest) : Buffer.of(small, type - 7, ...rest);
}
