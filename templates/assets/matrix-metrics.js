/* Metrics of the grid besides states: each turns a cell into a value, a text and one of five
   steps. */
(() => {
  const matrix = window.pstraceMatrix;
  if (matrix === undefined) return;

  const textMode = matrix.table.classList.contains('glyphs') ? 'digits' : 'values';

  function ms(value) {
    return value < 0.995 ? value.toFixed(2) : value < 99.95 ? value.toFixed(1) : value.toFixed(0);
  }

  function plain(value) {
    return String(value);
  }

  function percent(value) {
    return `${value >= 10 ? value.toFixed(0) : Number(value.toFixed(1))}%`;
  }

  function signedPercent(value) {
    const size = Math.abs(value).toFixed(0);
    return size === '0' ? '±0%' : `${value > 0 ? '+' : '−'}${size}%`;
  }

  function span(seconds) {
    if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
    return seconds < 172800
      ? `${Math.round(seconds / 3600)} h`
      : `${Math.round(seconds / 86400)} d`;
  }

  /**
   * A scale with these bounds: the step of a value is 1 plus the number of bounds at or below it.
   */
  function bounded(bounds, labels) {
    return { labels, step: (value) => 1 + bounds.filter((bound) => value >= bound).length };
  }

  function quintiles(values, text) {
    const sorted = [...values].sort((a, b) => a - b);
    const bounds = [0.2, 0.4, 0.6, 0.8].map((part) => sorted[Math.floor(part * sorted.length)]);
    const unique = [...new Set(bounds)].filter((bound) => bound > sorted[0]);
    const labels = [...unique, null].map((bound, index) => {
      if (bound === null) return index === 0 ? 'all' : `≥ ${text(unique[index - 1])}`;
      return index === 0 ? `< ${text(bound)}` : `${text(unique[index - 1])} – ${text(bound)}`;
    });
    return bounded(unique, labels);
  }

  /** One step per value if there are at most five different values, else quintiles. */
  function distinct(values, text, order) {
    const unique = [...new Set(values)].sort(order);
    if (unique.length > 5) return quintiles(values, text);
    return { labels: unique.map(text), step: (value) => 1 + unique.indexOf(value) };
  }

  const up = (a, b) => a - b;
  const down = (a, b) => b - a;
  const ageLabels = ['< 1 h', '1 – 6 h', '6 – 24 h', '1 – 3 d', '> 3 d'];
  const ages = [3600, 21600, 86400, 259200];

  const metrics = {
    rtt: {
      value: (c) => c.rtt,
      text: (v) => v.toFixed(1),
      scale: (v) => quintiles(v, (x) => `${ms(x)} ms`),
    },
    usual: {
      value: (c) => (c.rtt === null || !c.usual ? null : (100 * (c.rtt - c.usual)) / c.usual),
      text: signedPercent,
      scale: () => bounded([-5, 5, 25, 100], ['< −5%', '±5%', '+5 – 25%', '+25 – 100%', '> +100%']),
    },
    loss: {
      value: (c) => c.loss,
      text: percent,
      scale: () => bounded([0.005, 1, 5, 20], ['0%', '< 1%', '1 – 5%', '5 – 20%', '≥ 20%']),
    },
    hops: { value: (c) => c.hops, text: plain, scale: (v) => distinct(v, plain, up) },
    mtu: { value: (c) => c.mtu, text: plain, scale: (v) => distinct(v, plain, down) },
    as: { value: (c) => c.as, text: plain, scale: (v) => distinct(v, plain, up) },
    change: {
      value: (c) => c.change,
      text: span,
      // The newest changes get the strongest step.
      scale: () => ({
        labels: ageLabels.toReversed(),
        step: (value) => 5 - ages.filter((bound) => value >= bound).length,
      }),
      none: 'none in the window',
    },
  };

  function paintStates() {
    for (const cell of matrix.cells) {
      cell.step = null;
      cell.show(cell.state, cell.text);
    }
    return null;
  }

  /**
   * Shows a metric in every cell, sets its `step`, and returns the scale for the legend (null for
   * states).
   */
  function paint(name) {
    const metric = metrics[name];
    if (metric === undefined) return paintStates();
    const values = matrix.cells.map(metric.value);
    const scale = metric.scale(values.filter((value) => value !== null));
    for (const [index, cell] of matrix.cells.entries()) {
      const value = values[index];
      cell.step = value === null ? 0 : scale.step(value);
      const shown = textMode === 'digits' ? String(cell.step) : metric.text(value ?? 0);
      cell.show(`step-${cell.step}`, value === null ? '–' : shown);
    }
    return { labels: scale.labels, none: metric.none ?? 'unknown' };
  }

  Object.assign(matrix, { paint, format: { ms, percent, span } });
})();
