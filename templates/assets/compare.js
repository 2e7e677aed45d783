/* Compares routes and round-trip times at two points in time, stored in the hash as
   #a=SECONDS&b=SECONDS. */
(() => {
  const box = document.querySelector('[data-moments]');
  if (box === null) return;

  const effect = box.querySelector('[data-effect]');
  const variantDiffs = [...document.querySelectorAll('[data-variants]')];
  const selects = {
    a: box.querySelector('[data-moment="a"]'),
    b: box.querySelector('[data-moment="b"]'),
  };
  const from = Number(box.dataset.from);
  const points = box.dataset.points.split(';').map((text) => {
    const [offset, variant, rtt] = text.split(',');
    return { at: from + Number(offset), variant, rtt: rtt === '' ? null : Number(rtt) };
  });
  const maxSamples = 30;

  /**
   * Index of the last trace at or before a time in seconds or ISO 8601; the newest trace if
   * invalid.
   */
  function indexAt(text) {
    const at = /^\d+$/.test(text ?? '') ? Number(text) : Date.parse(text) / 1000;
    if (Number.isNaN(at)) return points.length - 1;
    return Math.max(
      0,
      points.findLastIndex((point) => point.at <= at),
    );
  }

  /** Round-trip times of the traces on the same route that are nearest in time. */
  function sample(index) {
    const { at, variant } = points[index];
    return points
      .filter((point) => point.variant === variant && point.rtt !== null)
      .sort((x, y) => Math.abs(x.at - at) - Math.abs(y.at - at))
      .slice(0, maxSamples)
      .map(({ rtt }) => rtt);
  }

  function rttText(a, b) {
    const shift = window.pstraceRttShift(sample(a), sample(b));
    return shift === null ? 'too few round-trip times to compare' : `RTT ${shift}`;
  }

  function moment(index) {
    return `${new Date(points[index].at * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  }

  function show(a, b) {
    const [one, other] = [points[a].variant, points[b].variant];
    const names = [`${one} ${other}`, `${other} ${one}`];
    let found = one === other;
    for (const diff of variantDiffs) {
      const fits = names.includes(diff.dataset.variants);
      diff.open = fits;
      found ||= fits;
    }
    const routes = one === other ? `route ${one} at both times` : `route ${one} → route ${other}`;
    const missing = found ? '' : '; this page does not compare such rare routes';
    effect.textContent = `${moment(a)} → ${moment(b)}: ${routes}, ${rttText(a, b)}${missing}.`;
  }

  function choose(select, index) {
    const { at } = points[index];
    const option = [...select.options].find(({ value }) => Number(value) <= at);
    if (option !== undefined) select.value = option.value;
  }

  /** Index of the first trace of the current route period. */
  function newestChange() {
    const newest = points.at(-1).variant;
    return points.findLastIndex(({ variant }) => variant !== newest) + 1;
  }

  function read() {
    const hash = new URLSearchParams(location.hash.slice(1));
    const b = hash.has('b') ? indexAt(hash.get('b')) : newestChange();
    const before = points.findLastIndex(
      ({ variant }, index) => index < b && variant !== points[b].variant,
    );
    const a = hash.has('a') ? indexAt(hash.get('a')) : Math.max(0, before);
    choose(selects.a, a);
    choose(selects.b, b);
    show(a, b);
  }

  for (const select of Object.values(selects)) {
    select.addEventListener('change', () => {
      const hash = new URLSearchParams({ a: selects.a.value, b: selects.b.value });
      history.replaceState(null, '', `#${hash}`);
      read();
    });
  }
  addEventListener('hashchange', read);
  read();
})();
