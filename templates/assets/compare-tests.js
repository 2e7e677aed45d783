/* Compares the current routes and round-trip times of two tests, stored in the hash as
   #a=ID&b=ID. */
(() => {
  const box = document.querySelector('[data-compare]');
  const testIndex = window.pstraceTests;
  if (box === null || testIndex === undefined) return;

  const { hosts } = testIndex;
  const tests = new Map(
    testIndex.tests.map(([id, source, destination, family, tool]) => [
      id,
      { id, source, destination, family, tool },
    ]),
  );
  const bySource = Map.groupBy(tests.values(), ({ source }) => source);
  const collator = new Intl.Collator('en', { numeric: true });
  const result = document.querySelector('[data-result]');
  const missing = document.querySelector('[data-missing]');
  const reverseSwitch = box.querySelector('[data-reverse]');
  const sides = ['a', 'b'].map((side) => ({
    side,
    source: box.querySelector(`[data-source="${side}"]`),
    test: box.querySelector(`[data-test="${side}"]`),
    link: box.querySelector(`[data-link="${side}"]`),
    title: result.querySelector(`[data-title="${side}"]`),
  }));

  const { isolated, hopRows, asSteps } = window.pstraceRouteDiff;
  const loading = new Map();

  /** Routes of the tests of a source; null if its file cannot be loaded. */
  function routesOf(source) {
    if (!loading.has(source)) {
      const { promise, resolve } = Promise.withResolvers();
      const script = document.createElement('script');
      script.src = `compare/${source}.js`;
      script.addEventListener('load', () => resolve(window.pstraceRoutes?.[source] ?? null));
      script.addEventListener('error', () => resolve(null));
      document.head.append(script);
      loading.set(source, promise);
    }
    return loading.get(source);
  }

  /**
   * Removes the interface label: `cr1.osl.example.net` for `ae0.cr1.osl.example.net`. A name of
   * three labels stays.
   */
  function deviceOf([address, name]) {
    if (name === null) return address;
    const labels = name.split('.');
    return labels.length > 3 ? labels.slice(1).join('.') : name;
  }

  /** The hops of a test with names; null if the files lack the test. */
  async function routeOf({ id, source }) {
    const file = await routesOf(source);
    const entry = file?.tests[id];
    if (entry === undefined) return null;
    const hops = entry.hops.map(([ttl, asn, numbers]) => {
      const ends = numbers.map((number) => file.addresses[number]);
      return { ttl, asn, ends, devices: new Set(ends.map(deviceOf)) };
    });
    return { ...entry, hops };
  }

  function median(values) {
    return [...values].sort((x, y) => x - y)[Math.floor(values.length / 2)];
  }

  function rttText(left, right) {
    const shift = window.pstraceRttShift(left, right);
    if (shift === null) return 'Too few round-trip times to compare.';
    const [one, other] = [left, right].map((values) => `${median(values).toFixed(1)} ms`);
    return `RTT ${one} vs. ${other}: ${shift}.`;
  }

  function isReversed() {
    return reverseSwitch.checked;
  }

  let latestRequest = 0;

  async function show() {
    latestRequest += 1;
    const request = latestRequest;
    const chosen = sides.map(({ test }) => tests.get(test.value));
    for (const [index, { link, title }] of sides.entries()) {
      const test = chosen[index];
      link.hidden = test === undefined;
      if (test === undefined) continue;
      link.href = `tests/${test.id}/index.html`;
      title.replaceChildren(
        isolated(hosts[test.source]),
        ' → ',
        isolated(hosts[test.destination]),
        ` IPv${test.family}`,
      );
    }
    if (chosen.includes(undefined)) {
      result.hidden = true;
      missing.hidden = true;
      return;
    }
    const [left, right] = await Promise.all(chosen.map(routeOf));
    if (request !== latestRequest) return;
    result.hidden = left === null || right === null;
    missing.hidden = !result.hidden;
    if (result.hidden) return;
    const isReverse = isReversed();
    const other = isReverse ? right.hops.toReversed() : right.hops;
    const { rows, differing } = hopRows(left.hops, other);
    result.querySelector('[data-rtt]').textContent = rttText(left.rttsMs, right.rttsMs);
    result
      .querySelector('[data-steps]')
      .replaceChildren(
        ...asSteps(left.asPath, isReverse ? right.asPath.toReversed() : right.asPath),
      );
    result.querySelector('[data-summary]').textContent =
      differing === 0
        ? 'Same routers, as far as they reply and have names.'
        : `${differing} of ${rows.length} hops have no counterpart of the same name.`;
    result.querySelector('[data-rows]').replaceChildren(...rows);
  }

  function fillTests({ source, test }) {
    const testsOfSource = [...(bySource.get(Number(source.value)) ?? [])].sort(
      (one, other) =>
        collator.compare(hosts[one.destination], hosts[other.destination]) ||
        one.family - other.family ||
        collator.compare(one.tool, other.tool),
    );
    const options = testsOfSource.map(
      ({ id, destination, family, tool }) =>
        new Option(`${hosts[destination]}, IPv${family}, ${tool}`, id),
    );
    const none = [new Option('choose a source first', '')];
    test.replaceChildren(...(source.value === '' ? none : options));
    test.disabled = source.value === '';
  }

  function read() {
    const hash = new URLSearchParams(location.hash.slice(1));
    reverseSwitch.checked = hash.get('reverse') === '1' || hash.get('turn') === '1';
    for (const one of sides) {
      const test = tests.get(hash.get(one.side));
      one.source.value = test === undefined ? '' : String(test.source);
      fillTests(one);
      if (test !== undefined) one.test.value = test.id;
    }
    void show();
  }

  function write() {
    const chosen = sides
      .filter(({ test }) => test.value !== '')
      .map(({ side, test }) => [side, test.value]);
    const hash = new URLSearchParams(isReversed() ? [...chosen, ['reverse', '1']] : chosen);
    history.replaceState(null, '', `#${hash}`);
    void show();
  }

  const sources = [...bySource.keys()].sort((one, other) =>
    collator.compare(hosts[one], hosts[other]),
  );
  for (const one of sides) {
    one.source.replaceChildren(
      new Option('choose a source', ''),
      ...sources.map((source) => new Option(hosts[source], source)),
    );
    one.source.addEventListener('change', () => {
      fillTests(one);
      write();
    });
    one.test.addEventListener('change', write);
  }
  reverseSwitch.addEventListener('change', write);
  addEventListener('hashchange', read);
  read();
})();
