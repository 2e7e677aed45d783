import {
  formatBytes,
  formatCount,
  formatDuration,
  pluralize,
  timeCell,
  timeText,
  unknownText,
} from '../../model/format.ts';
import type { LocalSource } from '../../model/localSource.ts';
import type { MessageCounts } from '../../model/outbox.ts';
import type { ArchiveRun, Run } from '../../model/run.ts';
import { pageLayout } from '../layout.ts';
import type { Page, SiteContext } from '../page.ts';
import { render } from '../templates.ts';

/** Class, glyph and word of a run's outcome; classes are those of the states, for their colours. */
interface OutcomeText {
  readonly css: string;
  readonly glyph: string;
  readonly word: string;
}

/** What the status page tells beside the runs. */
export interface StatusExtras {
  /** Of the last day; null where nobody is to be told anything. */
  readonly messages: MessageCounts | null;
  /** What came in without an archive. */
  readonly local: readonly LocalSource[];
}

/** `status.html`: the newest run in full, then the runs before it. `runs` newest first. */
export function statusPage(runs: readonly Run[], site: SiteContext, extras: StatusExtras): Page {
  return { path: 'status.html', body: render('status', statusView(runs, site, extras)) };
}

function statusView(
  runs: readonly Run[],
  site: SiteContext,
  { messages, local }: StatusExtras,
): object {
  const [newest] = runs;
  const title = newest === undefined ? 'No run yet' : `Last run: ${summaryText(newest)}`;
  return {
    layout: pageLayout(site, {
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
    `${formatCount(sent)} sent within 24 h`,
    ...(waiting > 0 ? [`${formatCount(waiting)} waiting as this page was written`] : []),
    ...(givenUp > 0 ? [`${formatCount(givenUp)} given up`] : []),
  ].join(', ');
}

function summaryText(run: Run): string {
  const { word } = outcomeText(run);
  const problems = run.problems.length;
  return problems === 0 ? word : `${word}, ${pluralize(problems, 'problem')}`;
}

function outcomeText(run: Run): OutcomeText {
  switch (run.outcome) {
    case 'ok':
      return { css: 'ok', glyph: '•', word: 'ok' };
    case 'partial':
      return { css: 'changed', glyph: '!', word: 'partial' };
    case 'failed':
      return { css: 'unreached', glyph: '×', word: 'failed: no usable results' };
    case null:
      return { css: 'stale', glyph: '○', word: 'not finished' };
  }
}

function newestView(run: Run): object {
  const { window } = run;
  return {
    outcome: outcomeText(run),
    started: timeText(run.startedAt),
    duration: durationText(run),
    from: timeText(window.from),
    to: timeText(window.to),
    windowLength: formatDuration(window.to - window.from),
    written: formatCount(run.pagesWritten),
    unchanged: formatCount(run.pagesUnchanged),
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

function durationText(run: Run): string {
  return run.finishedAt === null ? unknownText : formatDuration(run.finishedAt - run.startedAt);
}

function archiveView(archive: ArchiveRun): object {
  return {
    archive: archive.archive,
    url: archive.url,
    result: archive.ok
      ? { css: 'ok', glyph: '•', word: 'answered' }
      : { css: 'unreached', glyph: '×', word: 'failed' },
    tests: formatCount(archive.testsListed),
    read: formatCount(archive.tracesRead),
    newTraces: formatCount(archive.tracesNew),
    requests: formatCount(archive.requests),
    bytes: formatBytes(archive.bytes),
    duration: formatDuration(archive.seconds),
  };
}

function localView({ source, tool, tests, traces, failures, newestAt }: LocalSource): object {
  return {
    source,
    tool,
    tests: formatCount(tests),
    traces: formatCount(traces),
    failures: formatCount(failures),
    newest: timeCell(newestAt),
  };
}

/** Tests that fail, at most so many; data/status.json has them all. */
const maxFailing = 20;

function failingView(local: readonly LocalSource[]): object {
  const all = local.flatMap(({ source, failing }) => failing.map((each) => ({ source, ...each })));
  const shown = all.slice(0, maxFailing).map(({ source, destination, at, error }) => ({
    pair: `${source} → ${destination}`,
    at: timeText(at),
    error,
  }));
  return { shown, more: formatCount(all.length - shown.length) };
}

function rowView(run: Run): object {
  const { archives } = run;
  return {
    started: timeCell(run.startedAt),
    duration: durationText(run),
    outcome: outcomeText(run),
    archives: `${formatCount(archives.filter(({ ok }) => ok).length)} of ${formatCount(archives.length)}`,
    tests: formatCount(archives.reduce((sum, { testsListed }) => sum + testsListed, 0)),
    newTraces: formatCount(archives.reduce((sum, { tracesNew }) => sum + tracesNew, 0)),
    written: formatCount(run.pagesWritten),
    unchanged: formatCount(run.pagesUnchanged),
    problems: formatCount(run.problems.length),
    version: run.version,
  };
}
