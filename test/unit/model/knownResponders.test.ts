import { expect, test } from 'vitest';
import {
  createKnownResponders,
  lookupOrigin,
  type StatedResponder,
} from '../../../src/model/trace/knownResponders.ts';

const address = '192.0.2.1';
const [a, b] = [{ archive: 'a.example' }, { archive: 'b.example' }];

function stated(origin: string | null, facts: Partial<StatedResponder> = {}): StatedResponder {
  return { origin, address, hostname: null, asn: null, asName: null, ...facts };
}

const namedBy = (origin: string | null, asn = 64500) =>
  stated(origin, { hostname: `router.${origin}`, asn, asName: `AS of ${origin}` });

test('an archive counts for its own tests only', () => {
  const known = createKnownResponders([
    stated(null),
    namedBy('a.example', 64500),
    namedBy('b.example', 66600),
  ]);
  expect(known.of([a]).get(address)).toMatchObject({ hostname: 'router.a.example', asn: 64500 });
  expect(known.of([b]).get(address)).toMatchObject({ hostname: 'router.b.example', asn: 66600 });
  expect(known.of([{ archive: 'c.example' }]).get(address)?.hostname ?? null).toBeNull();
});

test('an archive that states nothing gets nothing from another one', () => {
  const known = createKnownResponders([stated(null), stated('a.example'), namedBy('b.example')]);
  expect(known.of([a]).get(address)).toMatchObject({ hostname: null, asn: null });
});

test('look-ups of our own come before archives, and these before values without an origin', () => {
  const known = createKnownResponders([
    stated(null, { hostname: 'old', asn: 1, asName: 'OLD' }),
    stated('a.example', { hostname: 'stated' }),
    stated(lookupOrigin, { asn: 64500 }),
  ]);
  expect(known.of([a]).get(address)).toEqual({
    address,
    hostname: 'stated',
    asn: 64500,
    asName: null,
  });
});

test('the first key of a test comes first, and the others complete it', () => {
  const known = createKnownResponders([
    stated(null),
    stated('a.example', { hostname: 'a' }),
    stated('b.example', { hostname: 'b', asn: 64501, asName: 'B' }),
  ]);
  expect(known.of([a, b]).get(address)).toMatchObject({ hostname: 'a', asn: 64501 });
  expect(known.of([b, a]).get(address)).toMatchObject({ hostname: 'b' });
});

test('the mesh has every address, as the archive that was known first states it', () => {
  const silent = { ...stated(null), address: '192.0.2.2' };
  const known = createKnownResponders([
    stated(null),
    silent,
    namedBy('a.example'),
    namedBy('b.example'),
  ]);
  expect([...known.merged().keys()]).toEqual([address, '192.0.2.2']);
  expect(known.merged().get(address)?.hostname).toBe('router.a.example');
});

test('values without an origin count least, also for the mesh', () => {
  const known = createKnownResponders([stated(null, { hostname: 'old' }), namedBy('a.example')]);
  expect(known.merged().get(address)?.hostname).toBe('router.a.example');
});
