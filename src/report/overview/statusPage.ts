import type { MessageCounts } from '../../model/alerting/outbox.ts';
import type { LocalSource } from '../../model/run/localSource.ts';
import type { ArchiveRun, Run } from '../../model/run/run.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  pluralize,
  timeCell,
  timeText,
  unknownText,
} from '../../model/values/format.ts';
import { pageLayout } from '../layout.ts';
import type { Page, SiteContext } from '../page.ts';
import { renderPage } from '../templates.ts';

/**
 * CSS class, glyph and word of a run's outcome. The classes are those of states, for their colors.
 */
interface OutcomeText {
  readonly css: string;
  readonly glyph: string;
  readonly word: string;
}

/** The content of the status page besides the runs. */
export interface StatusExtras {
  /** Notifications of the last day; null without recipients. */
  readonly messages: MessageCounts | null;
  /** Results without an archive: measured here, or imported. */
  readonly local: readonly LocalSource[];
}

/** `status.html`: details of the newest run, then the previous runs. `runs`: newest first. */
export function statusPage(runs: readonly Run[], site: SiteContext, extras: StatusExtras): Page {
  return { path: 'status.html', body: renderPage('status', statusView(runs, site, extras)) };
}

function statusView(
  runs: readonly Run[],
  site: SiteContext,
  { messages, local }: StatusExtras,
): object {
  const [newest] = runs;
  const title = newest === undefined ? 'No runs yet' : `Last run: ${summaryText(newest)}`;
  return {
    layout: pageLayout(site, {
      root: '',
      title,
      description:
        newest === undefined
          ? 'No runs recorded yet.'
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
    ...(waiting > 0 ? [`${formatCount(waiting)} waiting when this page was generated`] : []),
    ...(givenUp > 0 ? [`${formatCount(givenUp)} abandoned`] : []),
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

/** Maximum number of failing tests on the page; data/status.json lists all. */
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
