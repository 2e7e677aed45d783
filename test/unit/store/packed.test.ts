import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Route } from '../../../src/model/trace/trace.ts';
import { ByteReader, ByteWriter, CorruptionError } from '../../../src/store/db/bytes.ts';
import { packRoute, unpackRoute } from '../../../src/store/traces/packedRoute.ts';
import {
  extendTraces,
  packTraces,
  readStarts,
  unpackTraces,
} from '../../../src/store/traces/packedTraces.ts';
import { anyRoute, anyTrace } from '../../helpers/store/arbitrary.ts';

const writer = new ByteWriter();

/** Numbers for addresses, like those of the table of responders. */
function numbering() {
  const addresses: string[] = [];
  return {
    numberOf(address: string): number {
      if (!addresses.includes(address)) addresses.push(address);
      return addresses.indexOf(address) * 97;
    },
    addressOf(number: number): string {
      const address = addresses[number / 97];
      if (address === undefined) throw new CorruptionError('no such number');
      return address;
    },
  };
}

function onlyDamage(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof CorruptionError)) throw error;
  }
}

describe('numbers and texts', () => {
  test('are read unchanged, for any size', () => {
    const item = fc.oneof(
      fc.maxSafeNat(),
      fc.nat(300),
      fc.string({ unit: 'binary', maxLength: 99 }),
    );
    fc.assert(
      fc.property(fc.array(item, { maxLength: 200 }), (items) => {
        for (const each of items)
          typeof each === 'number' ? writer.writeUnsigned(each) : writer.writeText(each);
        const reader = new ByteReader(writer.takeBytes());
        for (const each of items) {
          expect(typeof each === 'number' ? reader.readUnsigned() : reader.readText()).toBe(each);
        }
        expect(reader.remaining).toBe(0);
      }),
    );
  });

  test.each([-1, 0.5, Number.NaN, 2 ** 53])('%d is rejected', (value) => {
    expect(() => new ByteWriter().writeUnsigned(value)).toThrow(RangeError);
  });

  test('a number without an end is corruption', () => {
    expect(() => new ByteReader(new Uint8Array(40).fill(0xff)).readUnsigned()).toThrow(
      CorruptionError,
    );
  });
});

describe('a route', () => {
  test('is read unchanged, with silent hops, several responders, MTUs and ICMP errors', () => {
    fc.assert(
      fc.property(anyRoute, (route) => {
        const { numberOf, addressOf } = numbering();
        expect(unpackRoute(packRoute(route, numberOf, writer), addressOf)).toEqual(route);
      }),
    );
  });

  test('takes two or three bytes a hop', () => {
    const hops = Array.from({ length: 16 }, (_, index) => ({
      ttl: index + 1,
      addresses: [`192.0.2.${index}`],
      mtu: null,
      error: null,
    }));
    const { numberOf } = numbering();
    const body = packRoute({ hops, reached: true, pathMtu: null }, numberOf, writer);
    expect(body.length).toBeLessThan(16 * 3 + 5);
  });

  test('that skips a ttl is rejected', () => {
    const hop = { addresses: ['192.0.2.1'], mtu: null, error: null };
    const route: Route = {
      hops: [
        { ttl: 1, ...hop },
        { ttl: 3, ...hop },
      ],
      reached: true,
      pathMtu: null,
    };
    expect(() => packRoute(route, () => 1, new ByteWriter())).toThrow('skips');
  });
});

describe('a chunk of traces', () => {
  test('is read unchanged: starts to 1 ms, round-trip times to 1 µs, probe counts', () => {
    fc.assert(
      fc.property(fc.array(anyTrace(1_795_200_000), { maxLength: 12 }), (traces) => {
        const sorted = traces
          .map((trace, index) => ({ ...trace, route: index }))
          .sort((a, b) => a.startedAt - b.startedAt);
        expect(unpackTraces(packTraces(sorted, writer), (number) => number)).toEqual(sorted);
      }),
    );
  });
});

describe('an extended chunk', () => {
  const from = 1_795_200_000;
  const anyTraces = fc
    .uniqueArray(anyTrace(from), { maxLength: 12, selector: ({ startedAt }) => startedAt })
    .map((traces) => traces.map((trace, index) => ({ ...trace, route: index })));
  const byStart = (a: { startedAt: number }, b: { startedAt: number }) => a.startedAt - b.startedAt;

  test('has readable starts without unpacking', () => {
    fc.assert(
      fc.property(anyTraces, (traces) => {
        const starts = traces.map(({ startedAt }) => Math.round(startedAt * 1000));
        expect(readStarts(packTraces(traces.toSorted(byStart), writer))).toEqual(
          starts.sort((a, b) => a - b),
        );
      }),
    );
  });

  test('has the bytes of a chunk packed at once, with newer or late traces', () => {
    fc.assert(
      fc.property(anyTraces, fc.nat(12), fc.boolean(), (traces, there, inOrder) => {
        const all = traces.toSorted(byStart);
        const come = inOrder ? all : traces;
        const body = packTraces(come.slice(0, there).sort(byStart), writer);
        const added = come.slice(there);
        if (added.length === 0) return;
        const grown = extendTraces(body, readStarts(body), added.reverse(), writer);
        expect(grown).toEqual(packTraces(all, writer));
      }),
      { numRuns: 500 },
    );
  });
});

describe('the format of a chunk', () => {
  const plain = { startedAt: 1_795_219_200, route: 1, rttMs: [1.5, null], probes: null };
  const nothing = { avgMs: null, worstMs: null, stdevMs: null, jitterMs: null };
  const named = [{ ttl: 1, name: 'gw', received: null, rttMs: 0.25, ...nothing }];

  test('without spread and names is format 1, whose bytes never change', () => {
    const bytes = [1, 1, 0x80, 0xb0, 0x9c, 0xdb, 0x9f, 0x34, 1, 4, 0xdd, 0x0b, 0];
    expect(Array.from(packTraces([plain], writer))).toEqual(bytes);
    expect(unpackTraces(Uint8Array.from(bytes), (number) => number)).toEqual([plain]);
  });

  test('is format 2 if one trace needs it', () => {
    const body = packTraces([plain, { ...plain, startedAt: plain.startedAt + 1, named }], writer);
    expect(body[0]).toBe(2);
  });

  test('rejects a spread of another length than the times', () => {
    const kinds = { avgMs: [1], worstMs: [1, 2], stdevMs: [1, 2], jitterMs: [1, 2] };
    const probes = { sent: [1], received: [1, 1], spread: kinds };
    expect(() => packTraces([{ ...plain, probes }], new ByteWriter())).toThrow('differ in length');
  });
});

test('a failure halfway leaves nothing in the next body', () => {
  const trace = { startedAt: 1_795_219_200, route: 1, rttMs: [1, 2], probes: null };
  const packed = packTraces([trace], new ByteWriter());
  expect(() => packTraces([{ ...trace, rttMs: [1, -2] }], writer)).toThrow(RangeError);
  expect(packTraces([trace], writer)).toEqual(packed);
});

test('damaged bytes are corruption and never need endless time or memory', () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  const afterFormat = fc
    .tuple(fc.constantFrom(1, 2), bytes)
    .map(([format, rest]) => Uint8Array.from([format, ...rest]));
  fc.assert(
    fc.property(fc.oneof(bytes, afterFormat), (body) => {
      onlyDamage(() => unpackTraces(body, (number) => number));
      onlyDamage(() => readStarts(body));
      onlyDamage(() => unpackRoute(body, numbering().addressOf));
      onlyDamage(() => unpackRoute(body, String));
    }),
    { numRuns: 2000 },
  );
});

test('an unknown format is corruption', () => {
  expect(() => unpackTraces(Uint8Array.of(9, 0), String)).toThrow('unknown format 9');
  expect(() => unpackRoute(Uint8Array.of(9, 0, 0, 0), String)).toThrow('unknown format 9');
});
