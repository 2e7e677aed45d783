import { expect, test } from 'vitest';
import { parseStreamAddress } from '../../../../src/sources/opensearch/streamAddress.ts';

const elmond = '/esmond/perfsonar/archive';

test.each([
  [
    'ma.example.net',
    `ma.example.net${elmond}`,
    ['https://ma.example.net/opensearch', 'http://ma.example.net/opensearch'],
    false,
  ],
  [
    'https://ma.example.net/opensearch/',
    `ma.example.net${elmond}`,
    ['https://ma.example.net/opensearch'],
    true,
  ],
  [
    'https://proxy.example.net/site/opensearch',
    `proxy.example.net/site${elmond}`,
    ['https://proxy.example.net/site/opensearch'],
    true,
  ],
  ['http://node.example.net:9200', 'node.example.net:9200', ['http://node.example.net:9200'], true],
  [
    'http://node.example.net:8080',
    `node.example.net:8080${elmond}`,
    ['http://node.example.net:8080/opensearch', 'http://node.example.net:8080'],
    false,
  ],
  [
    'https://es.example.net:9200/ps_trace',
    'es.example.net:9200/ps_trace',
    ['https://es.example.net:9200'],
    true,
  ],
])('%s is the archive %s at %j', (text, id, bases, isExplicit) => {
  expect(parseStreamAddress(text)).toMatchObject({ id, bases, isExplicit });
});

test.each(['https://ma.example.net/esmond/perfsonar/archive', 'ma.example.net/my/archive'])(
  '%s is read test by test',
  (text) => {
    expect(parseStreamAddress(text)).toBeNull();
  },
);

test('ps_trace names the index and the dialect of WLCG', () => {
  const address = parseStreamAddress('https://es.example.net/ps_trace-2026');
  expect(address?.index).toBe('ps_trace-2026');
  expect(address?.dialect.startField).toBe('timestamp');
});
