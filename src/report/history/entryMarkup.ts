import { noteMarkup } from '../changes/noteMarkup.ts';
import { html, type Markup, nothing } from '../html.ts';
import { asStepsMarkup } from '../route/asSteps.ts';
import { sideBySide } from '../route/diffTable.ts';
import { timeMarkup } from '../timeMarkup.ts';
import type { HistoryEntry } from './historyEntries.ts';

/** An entry of the history. `open`: its hops show at once; `jsonHref`: where the periods are that it leaves out. */
export function entryMarkup(entry: HistoryEntry, open: boolean, jsonHref: string): Markup {
  const { id } = entry;
  const letters = entry.letters.map(letterMarkup);
  const note = entry.note === '' ? nothing : html`<p class="note">${entry.note}</p>`;
  return html`<li class="period" id="${id}">
<h2>${letters} ${entry.heading}<a class="anchor" href="#${id}" aria-label="Link to this entry">#</a></h2>
<p class="span">${span(entry)}</p>
${note}<p class="as-path">${entry.asPath}</p>
${drawings(entry)}
${changes(entry)}${hops(entry, open)}${entry.diffs.map(diffSection)}${periods(entry, jsonHref)}</li>
`;
}

function letterMarkup({ letter, rank }: HistoryEntry['letters'][number]): Markup {
  return html`<span class="letter v${rank}">${letter}</span>`;
}

function span({ from, to, duration, traces, shares, ...entry }: HistoryEntry): Markup {
  const start = entry.openStart
    ? html`since ${timeMarkup(from)} or earlier`
    : html`from ${timeMarkup(from)}`;
  const end = entry.openEnd ? ', in use at the latest trace' : ' to';
  const parts = shares === '' ? '' : ` (${shares})`;
  const missed = entry.reached ? nothing : html` <span class="tag bad">not reached</span>`;
  return html`${start}${end} ${timeMarkup(to)} <span class="muted">${duration}, ${traces}${parts}</span>${missed}`;
}

function drawings({ drawings: all }: HistoryEntry): Markup {
  if (all.length === 0) return nothing;
  const links = all.map(
    ({ letter, href }, index) =>
      html`${index === 0 ? '' : ', '}<a href="${href}.svg">Drawing of route ${letter}</a> (<a href="${href}.txt">text<span class="hushed"> of route ${letter}</span></a>)`,
  );
  return html`<p class="drawings">${links}</p>`;
}

function changes({ changes: notes }: HistoryEntry): Markup {
  if (notes.length === 0) return nothing;
  const items = notes.map(
    (note) => html`<li class="change-note" id="${note.anchor}">${noteMarkup(note, '')}</li>\n`,
  );
  return html`<ul class="change-notes">\n${items}</ul>\n`;
}

function hops({ hops: all }: HistoryEntry, open: boolean): Markup {
  if (all.length === 0) return nothing;
  const items = all.map(
    (hop) =>
      html`<li value="${hop.ttl}"><bdi>${hop.names}</bdi> <span class="muted">${hop.as}</span></li>\n`,
  );
  return html`<details${open ? html` open` : nothing}><summary>Its hops</summary>
<ol class="hop-list">
${items}</ol>
</details>
`;
}

function diffSection({ caption, view, shownAt }: HistoryEntry['diffs'][number]): Markup {
  const tag = view.asChanged ? html` <span class="tag bad">AS path changed</span>` : nothing;
  const effects = view.effects === '' ? nothing : html`<p class="effects">${view.effects}</p>`;
  const elsewhere =
    shownAt === null
      ? nothing
      : html` <a href="#${shownAt.id}">Hops at ${timeMarkup(shownAt.time)}</a>`;
  const steps = view.asChanged ? asStepsMarkup(view.asSteps) : nothing;
  const table = sideBySide(caption, [`Route ${view.older}`, `Route ${view.newer}`], view.lines);
  return html`<section class="diff">
<h3>${caption}${tag}</h3>
${effects}
<p>${view.summary}.${elsewhere}</p>
${shownAt === null ? html`${steps}${table}` : nothing}</section>
`;
}

function periods({ periods: all, periodsLeft }: HistoryEntry, jsonHref: string): Markup {
  if (all.length === 0) return nothing;
  const items = all.map((period) => {
    const id = period.id === '' ? nothing : html` id="${period.id}"`;
    return html`<li${id}>${timeMarkup(period.time)} ${letterMarkup(period)} ${period.traces}</li>\n`;
  });
  const left =
    periodsLeft === 0
      ? nothing
      : html`<p class="muted">${periodsLeft} earlier ones are in the <a href="${jsonHref}">JSON</a>.</p>`;
  return html`<details><summary>Each change</summary>
<ol class="period-list">
${items}</ol>
${left}</details>
`;
}
