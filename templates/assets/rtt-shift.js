/* The difference of two samples of round-trip times, for the comparison pages. */
(() => {
  const minSamples = 5;

  function signed(value) {
    const size = Math.abs(value).toFixed(1);
    return size === '0.0' ? '±0 ms' : `${value > 0 ? '+' : '−'}${size} ms`;
  }

  /** Hodges-Lehmann shift and its 95% interval. */
  function shift(left, right) {
    const all = left.flatMap((x) => right.map((y) => y - x)).sort((x, y) => x - y);
    const [m, n] = [left.length, right.length];
    const spread = 1.96 * Math.sqrt((m * n * (m + n + 1)) / 12);
    const cut = Math.max(0, Math.floor((m * n) / 2 - spread));
    const middle = (all.length - 1) / 2;
    const center = (all[Math.floor(middle)] + all[Math.ceil(middle)]) / 2;
    return [center, all[cut], all[all.length - 1 - cut]];
  }

  /**
   * `+8.3 ms (95% between +8.1 ms and +8.5 ms; 30 and 28 traces)`; null if a sample is too small.
   * Times in ms.
   */
  window.pstraceRttShift = (left, right) => {
    if (left.length < minSamples || right.length < minSamples) return null;
    const [center, low, high] = shift(left, right).map(signed);
    return `${center} (95% between ${low} and ${high}; ${left.length} and ${right.length} traces)`;
  };
})();
