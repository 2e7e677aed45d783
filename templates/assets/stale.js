/* Each run rewrites run.js. If the site is older than three usual run intervals, every page
   shows a banner. */
(() => {
  const run = window.pstraceRun;
  if (run === undefined) return;
  const generated = new Date(run.generatedAtIso);
  const text = `${run.generatedAtIso.slice(0, 10)} ${run.generatedAtIso.slice(11, 16)} UTC`;

  function time() {
    const element = document.createElement('time');
    element.dateTime = run.generatedAtIso;
    element.textContent = text;
    return element;
  }

  const footer = document.querySelector('[data-run]');
  footer.append('Last run ', time());
  footer.hidden = false;

  const ageSeconds = (Date.now() - generated.getTime()) / 1000;
  if (ageSeconds > 3 * run.intervalSeconds) {
    const banner = document.querySelector('[data-stale-banner]');
    const strong = document.createElement('strong');
    strong.textContent = 'Old pages. ';
    banner.append(strong, 'pstrace has not run since ', time(), '. The pages may be outdated.');
    banner.hidden = false;
  }
  window.pstraceTimes.show(document);
})();
