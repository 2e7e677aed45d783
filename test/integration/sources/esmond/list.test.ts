import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { ForeignText } from '../../../../src/model/run/foreignText.ts';
import { basePath, fakeArchive, metadata } from '../../../helpers/fakeArchive.ts';
import { inTurn } from '../../../helpers/faults.ts';
import { openTestArchive } from '../../../helpers/openTestArchive.ts';

const window = { from: 1_700_000_000, to: 1_700_086_400 };
const keyed = (index: number) => metadata({ 'metadata-key': `key-${index}` });
const many = (count: number) => Array.from({ length: count }, (_, index) => keyed(index));
const list = (answer: () => Response) => http.get(`*${basePath}/`, answer);
const offsets = (requests: readonly string[]) =>
  requests.map((path) => new URL(path, 'http://x').searchParams.get('offset'));

test('a small list takes one request, without the end of the window', async () => {
  const { archive, server } = await openTestArchive(fakeArchive([{ metadata: metadata() }]));
  const { tests, problems } = await archive.listTests(window);
  expect(tests.map(({ key }) => key)).toEqual([metadata()['metadata-key']]);
  expect(problems).toEqual([]);
  expect(server.requests).toEqual([
    `${basePath}/?event-type=packet-trace&time-start=1700000000&limit=1000&offset=0&format=json`,
  ]);
});

test('a long list is read in pages from the archive itself, regardless of its links', async () => {
  const tests = many(2500).map((one) => ({ metadata: one }));
  const { archive, server } = await openTestArchive(fakeArchive(tests, 'elmond'));
  expect((await archive.listTests(window)).tests).toHaveLength(2500);
  expect(offsets(server.requests)).toEqual(['0', '1000', '2000', '3000']);
});

test('a short or empty page in the middle does not end the list', async () => {
  const paging = { 'metadata-count-total': 4000 };
  const { archive, server } = await openTestArchive([
    list(
      inTurn(
        () => HttpResponse.json([{ ...keyed(1), ...paging }, keyed(2)]),
        () => HttpResponse.json([]),
        () => HttpResponse.json([{ ...keyed(3), ...paging }]),
        () => HttpResponse.json([]),
      ),
    ),
  ]);
  const { tests } = await archive.listTests(window);
  expect(tests.map(({ key }) => key)).toEqual(['key-1', 'key-2', 'key-3']);
  expect(offsets(server.requests)).toEqual(['0', '1000', '2000', '3000']);
});

test('a test that moves between pages is listed once, and a new one is found', async () => {
  const page =
    (count: number, ...tests: unknown[]) =>
    () =>
      HttpResponse.json([
        { ...(tests[0] as object), 'metadata-count-total': count },
        ...tests.slice(1),
      ]);
  const { archive } = await openTestArchive([
    list(
      inTurn(
        page(1500, keyed(1), keyed(2)),
        page(1501, keyed(2), keyed(3)),
        () => HttpResponse.json([]),
        page(1501, keyed(4), keyed(1)),
      ),
    ),
  ]);
  const { tests } = await archive.listTests(window);
  expect(tests.map(({ key }) => key)).toEqual(['key-1', 'key-2', 'key-3', 'key-4']);
});

test('a server that ignores the offset sends the same page only three times', async () => {
  const [first, ...others] = many(3);
  const same = [{ ...first, 'metadata-count-total': 5000 }, ...others];
  const { archive, server } = await openTestArchive([list(() => HttpResponse.json(same))]);
  expect((await archive.listTests(window)).tests).toHaveLength(3);
  expect(server.requests).toHaveLength(3);
});

test('one invalid test is reported and costs no other', async () => {
  const tests = [metadata({ 'metadata-key': '../x' }), null, metadata()];
  const { archive } = await openTestArchive(
    fakeArchive(tests.map((one) => ({ metadata: one as Record<string, unknown> }))),
  );
  const listed = await archive.listTests(window);
  expect(listed.tests).toHaveLength(1);
  expect(listed.isComplete).toBe(true);
  expect(listed.problems).toEqual([
    {
      kind: 'invalid-response',
      subject: archive.id,
      message: 'Ignored invalid tests of the list: 2, the first with an invalid key.',
      remedy: null,
    },
  ]);
});

test('an archive without traces has another message than an empty one', async () => {
  const answer = (others: unknown[]) =>
    http.get(`*${basePath}/`, ({ request }) =>
      HttpResponse.json(request.url.includes('event-type') ? [] : others),
    );
  const messageOf = async (others: unknown[]) => {
    const { archive } = await openTestArchive([answer(others)]);
    const { tests, isComplete, problems } = await archive.listTests(window);
    expect({ tests, whole: isComplete }).toEqual({ tests: [], whole: false });
    expect(problems[0]?.kind).toBe('not-found');
    return problems[0]?.message;
  };
  expect(await messageOf([])).toBe(
    'The archive has no results of any kind since the start of the window.',
  );
  expect(await messageOf([{ 'tool-name': 'pscheduler/iperf3' }])).toBe(
    'The archive has no traceroute results since the start of the window, only others.',
  );
});

test('a wrong path and a response of another shape are reported as such', async () => {
  const wrongPath = await openTestArchive([]);
  await expect(wrongPath.archive.listTests(window)).rejects.toMatchObject({ kind: 'not-found' });
  const wrongShape = await openTestArchive([list(() => HttpResponse.json({ error: 'no\nsuch' }))]);
  await expect(wrongShape.archive.listTests(window)).rejects.toMatchObject({
    kind: 'invalid-response',
    message: 'The archive sent a value of type object instead of a list.',
    detail: new ForeignText('no\nsuch'),
  });
});

test('an endless list is abandoned, and its tests are kept', async () => {
  let pages = 0;
  const page = () => {
    pages += 1;
    const paging = { 'metadata-count-total': 1e9, 'metadata-next-page': null };
    return HttpResponse.json([{ ...keyed(pages), ...paging }]);
  };
  const { archive } = await openTestArchive([list(page)]);
  const { tests, isComplete, problems } = await archive.listTests(window);
  expect(tests).toHaveLength(pages);
  expect(isComplete).toBe(false);
  expect(problems).toMatchObject([
    { message: expect.stringMatching(/The list does not end: each of 200 pages/) },
  ]);
});
