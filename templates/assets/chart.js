/* The chart of a test page shows the values at the pointer or the arrow keys; the raw trace gets
   a copy button. */
(() => {
  const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
  const svgNamespace = 'http://www.w3.org/2000/svg';

  /** Points as [epoch seconds, variant, RTT, hops, MTU, mark], ascending. */
  function pointsOf({ from, points }) {
    return points.split(';').map((entry) => {
      const [seconds, ...rest] = entry.split(',');
      return [Number(from) + Number(seconds), ...rest];
    });
  }

  /** Text of a time in the reader's zone, which time.js knows. */
  function inReaderZone(iso, text) {
    const holder = document.createElement('span');
    const time = document.createElement('time');
    time.dateTime = iso;
    time.textContent = text;
    holder.append(time);
    window.pstraceTimes?.show(holder);
    return time.textContent;
  }

  function timeText(seconds) {
    const iso = new Date(seconds * 1000).toISOString();
    return inReaderZone(iso, `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`);
  }

  function milliseconds(value) {
    if (value < 0.995) return value.toFixed(2);
    return value < 99.95 ? value.toFixed(1) : value.toFixed(0);
  }

  function pointText([at, variant, rtt, hops, mtu, mark]) {
    const parts = [timeText(at), `route ${variant}`];
    parts.push(
      mark === '!' ? 'not reached' : rtt === '' ? 'no RTT' : `${milliseconds(Number(rtt))} ms`,
    );
    parts.push(`${hops} hops`);
    if (mtu !== '') parts.push(`MTU ${mtu}`);
    return parts.join(', ');
  }

  /** Index of the last point at or before a time. */
  function indexAt(points, at) {
    let low = 0;
    let high = points.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (points[middle][0] <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  function setUp(figure) {
    const points = pointsOf(figure.dataset);
    const from = Number(figure.dataset.from);
    const to = Number(figure.dataset.to);
    const plot = figure.querySelector('.chart-plot');
    const readout = figure.querySelector('[data-readout]');
    const cursor = document.createElementNS(svgNamespace, 'line');
    let shown = points.length - 1;

    cursor.setAttribute('class', 'cursor');
    cursor.setAttribute('y1', '0');
    cursor.setAttribute('y2', '100%');
    readout.hidden = false;
    readout.setAttribute('aria-live', 'polite');
    plot.tabIndex = 0;

    function show(index) {
      shown = Math.max(0, Math.min(points.length - 1, index));
      const x = `${((points[shown][0] - from) / (to - from)) * 100}%`;
      cursor.setAttribute('x1', x);
      cursor.setAttribute('x2', x);
      plot.append(cursor);
      readout.textContent = pointText(points[shown]);
    }

    function showLatest() {
      cursor.remove();
      shown = points.length - 1;
      readout.textContent = `Latest: ${pointText(points[shown])}`;
    }

    plot.addEventListener('pointermove', (event) => {
      const { left, width } = plot.getBoundingClientRect();
      show(indexAt(points, from + ((event.clientX - left) / width) * (to - from)));
    });
    plot.addEventListener('pointerleave', showLatest);
    plot.addEventListener('blur', showLatest);
    plot.addEventListener('keydown', (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -12, PageDown: 12 }[event.key];
      const end = { Home: 0, End: points.length - 1 }[event.key];
      if (step === undefined && end === undefined) return;
      event.preventDefault();
      show(end ?? shown + step);
    });
    showLatest();
    return showLatest;
  }

  /** A label of the time axis in the reader's zone: `09:00`, with the date if the HTML has one. */
  function label(tick) {
    tick.dataset.utc ??= tick.textContent;
    const { at, utc } = tick.dataset;
    const clock = inReaderZone(at, at.slice(11, 16));
    if (utc.includes(':') || clock === at.slice(11, 16)) return utc.includes(':') ? clock : utc;
    const date = new Date(at);
    return `${date.getDate()} ${months[date.getMonth()]} ${clock}`;
  }

  const resetFunctions = Array.from(document.querySelectorAll('[data-chart]'), setUp);

  function showZone() {
    for (const tick of document.querySelectorAll('.chart [data-at]')) {
      tick.textContent = label(tick);
    }
    for (const reset of resetFunctions) reset();
  }

  document.querySelector('[data-zone-switch]')?.addEventListener('click', showZone);
  showZone();

  for (const box of document.querySelectorAll('[data-copy]')) {
    if (!navigator.clipboard) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Copy';
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(box.querySelector('pre').textContent);
      button.textContent = 'Copied';
      setTimeout(() => {
        button.textContent = 'Copy';
      }, 2000);
    });
    box.append(button);
  }
})();
