import { duration } from '../../lib/duration.ts';
import type { LocalSource } from '../../model/local.ts';
import type { MessageCounts } from '../../model/outbox.ts';
import type { ArchiveRun, Run } from '../../model/run.ts';
import { bytes, count, counted, timeCell, timeText, unknownText } from '../format.ts';
import { layout } from '../layout.ts';
import type { Page, SiteContext } from '../page.ts';
import { render } from '../templates.ts';

/** Class, glyph and word of a run's outcome; classes are those of the states, for their colours. */
interface OutcomeText {
  readonly css: string;
  readonly glyph: string;
  readonly word: string;
}

/** What the status page tells beside the runs. */
export interface Aside {
  /** Of the last day; null where nobody is to be told anything. */
  readonly messages: MessageCounts | null;
  /** What came in without an archive. */
  readonly local: readonly LocalSource[];
}

/** `status.html`: the newest run in full, then the runs before it. `runs` newest first. */
export function statusPage(runs: readonly Run[], site: SiteContext, aside: Aside): Page {
  return { path: 'status.html', body: render('status', statusView(runs, site, aside)) };
}

function statusView(runs: readonly Run[], site: SiteContext, { messages, local }: Aside): object {
  const [newest] = runs;
  const title = newest === undefined ? 'No run yet' : `Last run: ${headText(newest)}`;
  return {
    layout: layout(site, {
      root: '',
      title,
      description:
        newest === undefined
          ? 'No run is recorded.'
          : `${title}, ${timeText(newest.startedAt).text}.`,
      section: 'status',
    }),
    title,
    newest: newest === undefined ? null : newestView(newest),
    messages: messages === null ? '' : messagesText(messages),
    local: local.map(localView),
    failing: failingView(local),
    runs: runs.map(rowView),
    version: site.version,
  };
}

function messagesText({ sent, givenUp, waiting }: MessageCounts): string {
  return [
    `${count(sent)} sent within 24 h`,
    ...(waiting > 0 ? [`${count(waiting)} waiting as this page was written`] : []),
    ...(givenUp > 0 ? [`${count(givenUp)} given up`] : []),
  ].join(', ');
}

function headText(run: Run): string {
  const { word } = outcomeText(run);
  const problems = run.problems.length;
  if (problems === 0) return word;
  return run.outcome === 'problems'
    ? `finished with ${counted(problems, 'problem')}`
    : `${word}, ${counted(problems, 'problem')}`;
}

function outcomeText(run: Run): OutcomeText {
  switch (run.outcome) {
    case 'good':
      return { css: 'ok', glyph: '•', word: 'good' };
    case 'problems':
      return { css: 'changed', glyph: '!', word: 'finished with problems' };
    case 'nothing':
      return { css: 'unreached', glyph: '×', word: 'nothing usable came back' };
    case null:
      return { css: 'stale', glyph: '○', word: 'not finished' };
  }
}

function newestView(run: Run): object {
  const { window } = run;
  return {
    outcome: outcomeText(run),
    started: timeText(run.startedAt),
    took: took(run),
    from: timeText(window.from),
    to: timeText(window.to),
    length: duration(window.to - window.from),
    written: count(run.pagesWritten),
    unchanged: count(run.pagesUnchanged),
    version: run.version,
    archives: run.archives.map(archiveView),
    problems: run.problems.map(({ kind, subject, message, remedy }) => ({
      kind: kind.replace('-', ' '),
      subject,
      message,
      remedy: remedy ?? '',
    })),
  };
}

function took(run: Run): string {
  return run.finishedAt === null ? unknownText : duration(run.finishedAt - run.startedAt);
}

function archiveView(archive: ArchiveRun): object {
  return {
    archive: archive.archive,
    url: archive.url,
    result: archive.ok
      ? { css: 'ok', glyph: '•', word: 'answered' }
      : { css: 'unreached', glyph: '×', word: 'failed' },
    tests: count(archive.testsListed),
    read: count(archive.tracesRead),
    fresh: count(archive.tracesNew),
    requests: count(archive.requests),
    bytes: bytes(archive.bytes),
    took: duration(archive.seconds),
  };
}

function localView({ source, tool, tests, traces, failures, newestAt }: LocalSource): object {
  return {
    source,
    tool,
    tests: count(tests),
    traces: count(traces),
    failures: count(failures),
    newest: timeCell(newestAt),
  };
}

/** Tests that fail, at most so many; data/status.json has them all. */
const mostFailing = 20;

function failingView(local: readonly LocalSource[]): object {
  const all = local.flatMap(({ source, failing }) => failing.map((each) => ({ source, ...each })));
  const shown = all.slice(0, mostFailing).map(({ source, destination, at, error }) => ({
    pair: `${source} → ${destination}`,
    at: timeText(at),
    error,
  }));
  return { shown, more: count(all.length - shown.length) };
}

function rowView(run: Run): object {
  const { archives } = run;
  return {
    started: timeCell(run.startedAt),
    took: took(run),
    outcome: outcomeText(run),
    archives: `${count(archives.filter(({ ok }) => ok).length)} of ${count(archives.length)}`,
    tests: count(archives.reduce((sum, { testsListed }) => sum + testsListed, 0)),
    fresh: count(archives.reduce((sum, { tracesNew }) => sum + tracesNew, 0)),
    written: count(run.pagesWritten),
    unchanged: count(run.pagesUnchanged),
    problems: count(run.problems.length),
    version: run.version,
  };
}
