/*
 * Each run rewrites run.js. If the site is older than three usual run intervals, every page shows a
 * banner. A view of the past has no age.
 */
import { utcTime } from '../../model/values/format.ts';
import type { RunFacts } from '../runScript.ts';
import { find, node } from './shared/dom.ts';
import { showTimes, timeElement } from './shared/readerZone.ts';

declare global {
  interface Window {
    readonly pstraceRun?: RunFacts;
  }
}

const maxIntervals = 3;

function showRun({ generatedAtIso, intervalSeconds }: RunFacts): void {
  const generatedAt = Date.parse(generatedAtIso) / 1000;
  const time = () => timeElement({ iso: generatedAtIso, text: utcTime(generatedAt) });
  const footer = find('[data-run]');
  footer.append('Last run ', time());
  footer.hidden = false;

  if (Date.now() / 1000 - generatedAt > maxIntervals * intervalSeconds) {
    const banner = find('[data-stale-banner]');
    const warning = node('strong', '', 'Old pages. ');
    banner.append(warning, 'pstrace has not run since ', time(), '. The pages may be outdated.');
    banner.hidden = false;
    document.querySelector('.headline h1')?.prepend('Outdated: ');
  }
  showTimes(document);
}

const run = window.pstraceRun;
if (run !== undefined && run.isView !== true) showRun(run);
