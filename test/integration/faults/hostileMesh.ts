import { type HttpHandler, HttpResponse, http } from 'msw';
import { cleanText } from '../../../src/lib/text.ts';
import { eventType, type FakeTest, hop, metadata } from '../../helpers/fakeArchive.ts';
import { keyOf, spacing } from './mesh.ts';

/**
 * Texts that are special to a browser, template, shell, file system, header, terminal or
 * spreadsheet.
 */
const attacks = [
  '<img src=x onerror="window.hacked=1">',
  '"><script>window.hacked=1</script>',
  "' onmouseover='window.hacked=1' x='",
  '</title></script></style></svg><svg onload=window.hacked=1>',
  '{{ 7 * 7 }}{% raw %}{# x #}$ {7*7}<%= 7 %>',
  'javascript:window.hacked=1//',
  '../../../../../../tmp/hacked',
  '$(touch hacked);`touch hacked`|touch hacked&',
  'x\r\nSet-Cookie: hacked=1\r\n\r\n<html>',
  '\u001b]0;hacked\u0007\u001b[2J\u202egnp.exe',
  '&lt;b&gt;&amp;&#60;script&#62;',
  '=HYPERLINK("http://198.51.100.66/","x")',
  'a'.repeat(400),
];

/** The same text without special characters, of the same length after cleaning. */
function harmless(text: string): string {
  return (cleanText(text, 1000) ?? 'x').replace(/[^A-Za-z0-9. ]/g, 'x');
}

/** Free text of an archive: either attacks or as many harmless characters. */
export function hostileMesh(isHostile: boolean, last: number): FakeTest[] {
  const say = (number: number) => {
    const text = attacks[number % attacks.length] ?? '';
    return isHostile ? text : harmless(text);
  };
  const usual = attacks.map((_, index) => hostileTest(index + 1, last, say));
  const refused = ['../../etc/passwd', 'a/b?c=d#e', 'x\r\nHost: 198.51.100.66', '<b>', ''];
  const damaged = refused.map((key) => ({
    metadata: metadata({ 'metadata-key': isHostile ? key : ' ' }),
  }));
  return [...usual, ...damaged];
}

function hostileTest(number: number, last: number, say: (n: number) => string): FakeTest {
  const times = Array.from({ length: 12 }, (_, index) => last - spacing * index);
  const hops = (ts: number) => [
    {
      ...hop(1, '198.51.100.1', 1),
      hostname: say(number),
      as: { number: 64500, owner: say(number + 1) },
    },
    { ttl: 2, 'error-message': say(number + 2) },
    { ...hop(3, `198.51.100.${3 + (Math.floor(ts / 3600) % 2)}`, 2), hostname: say(number + 3) },
    hop(4, '203.0.113.9', 5),
  ];
  return {
    metadata: metadata({
      'metadata-key': keyOf(number),
      url: say(number),
      uri: say(number + 1),
      source: `192.0.2.${number}`,
      'input-source': say(number),
      'input-destination': say(number + 4),
      'pscheduler-reference-display-task-name': say(number + 5),
      'ip-transport-protocol': say(number + 6),
      'trace-algorithm': say(number + 7),
      'measurement-agent': say(number + 8),
      'subject-type': say(number + 9),
      'event-types': [
        eventType('packet-trace', 2e9),
        eventType('failures', 2e9),
        eventType(say(number + 10), 2e9),
      ],
    }),
    results: {
      'packet-trace': times.map((ts) => ({ ts, val: hops(ts) })),
      failures: times.slice(0, 3).map((ts) => ({ ts: ts + 60, val: { error: say(number + 11) } })),
    },
  };
}

/** Errors of the server, with its own words, for the last test. */
export function hostileErrors(isHostile: () => boolean): HttpHandler[] {
  return attacks.slice(0, 3).map((text, index) =>
    http.get(`*/${keyOf(index + 1)}/failures/base/0`, () => {
      const detail = isHostile() ? text : harmless(text);
      return HttpResponse.json({ detail }, { status: 400 });
    }),
  );
}
