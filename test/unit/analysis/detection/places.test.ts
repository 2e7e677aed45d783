import { expect, test } from 'vitest';
import {
  createDeviceTable,
  internDevice,
} from '../../../../src/analysis/detection/identity/devices.ts';
import { placesOf } from '../../../../src/analysis/detection/identity/places.ts';
import type { Responder } from '../../../../src/model/trace/trace.ts';

/** The places that the names of some routers show. */
function places(...hostnames: readonly string[]): string[] {
  const table = createDeviceTable('203.0.113.9');
  const responders = hostnames.map(
    (hostname, nth): Responder => ({
      ...{ address: `198.51.100.${nth + 1}`, hostname, asn: 64_500, asName: null },
    }),
  );
  const known = new Map(responders.map((responder) => [responder.address, responder]));
  const devices = responders.map(({ address }) => internDevice(table, address, known, () => {}));
  return placesOf(devices, table);
}

test('words that all places of an operator share name its network, not a place', () => {
  expect(places('cr1.fra1.net.example.net', 'cr1.par1.net.example.net')).toEqual([
    'fra.net',
    'par.net',
  ]);
  expect(
    places('cr1.fra1.net.example.net', 'cr1.par1.net.example.net', 'cr1.lon1.net.example.net'),
  ).toEqual(['fra', 'par', 'lon']);
});

test('the words of another operator count on their own', () => {
  const own = ['cr1.fra1.net.example.net', 'cr1.par1.net.example.net', 'cr1.lon1.net.example.net'];
  expect(places(...own, 'cr1.net.other.org')).toEqual(['fra', 'par', 'lon', 'net']);
});

test('the role of a router is no place, with a letter before it or without', () => {
  const names = ['ibr01.fra.example.net', 'icr2.fra.example.net', 'tcore3.fra.example.net'];
  expect(places(...names, 'agr1.fra.example.net', 'ber1.example.net')).toEqual(['fra', 'ber']);
});
