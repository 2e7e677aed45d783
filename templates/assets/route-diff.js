/* Aligns two routes or AS paths and builds the rows of the table and the steps of the path. */
(() => {
  function node(name, className, ...content) {
    const element = document.createElement(name);
    if (className !== '') element.className = className;
    element.append(...content);
    return element;
  }

  function isolated(text) {
    return node('bdi', '', text);
  }

  function isSameHop(one, other) {
    return !one.devices.isDisjointFrom(other.devices);
  }

  /** Longest common subsequence: pairs of equal elements, and single elements paired with null. */
  function align(left, right, same) {
    const lengths = Array.from(
      { length: left.length + 1 },
      () => new Uint16Array(right.length + 1),
    );
    for (let i = left.length - 1; i >= 0; i -= 1) {
      for (let j = right.length - 1; j >= 0; j -= 1) {
        lengths[i][j] = same(left[i], right[j])
          ? lengths[i + 1][j + 1] + 1
          : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
      }
    }
    const rows = [];
    let [i, j] = [0, 0];
    while (i < left.length || j < right.length) {
      const both = i < left.length && j < right.length;
      if (both && same(left[i], right[j]))
        rows.push({ mark: '=', left: left[i++], right: right[j++] });
      else if (j >= right.length || (both && lengths[i + 1][j] >= lengths[i][j + 1])) {
        rows.push({ mark: '-', left: left[i++], right: null });
      } else rows.push({ mark: '+', left: null, right: right[j++] });
    }
    return rows;
  }

  /** Two silent hops side by side do not differ. */
  function markOf(one, other) {
    if (one === null) return '+';
    if (other === null) return '-';
    return one.ends.length === 0 && other.ends.length === 0 ? '=' : '~';
  }

  /**
   * Puts single hops of the left side next to the single hops of the right side that follow them.
   */
  function pairUp(rows) {
    const result = [];
    let index = 0;
    while (index < rows.length) {
      if (rows[index].mark === '=') {
        result.push(rows[index++]);
        continue;
      }
      const end = rows.findIndex(({ mark }, at) => at > index && mark === '=');
      const run = rows.slice(index, end < 0 ? rows.length : end);
      const left = run.flatMap((row) => row.left ?? []);
      const right = run.flatMap((row) => row.right ?? []);
      for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
        const [one = null, other = null] = [left[at], right[at]];
        result.push({ mark: markOf(one, other), left: one, right: other });
      }
      index += run.length;
    }
    return result;
  }

  function hopCells(hop, side) {
    if (hop === null) return [node('td', `num ${side}`), node('td', `hop ${side}`)];
    const names = hop.ends.map(([address, name]) => name ?? address).join(', ');
    const details = [
      ...hop.ends.filter(([, name]) => name !== null).map(([address]) => address),
      ...(hop.asn === null ? [] : [`AS${hop.asn}`]),
    ].join(' · ');
    const what = hop.ends.length === 0 ? 'silent' : isolated(names);
    return [
      node('td', `num ${side}`, String(hop.ttl)),
      node('td', `hop ${side}`, what, ' ', node('span', 'muted', details)),
    ];
  }

  const classes = { '+': 'added', '-': 'removed', '~': 'replaced', '=': 'same' };

  function hopRow({ mark, left, right }) {
    const sign = node('td', 'mark', mark === '=' ? '' : mark);
    return node('tr', classes[mark], sign, ...hopCells(left, 'old'), ...hopCells(right, 'new'));
  }

  function asSteps(left, right) {
    const found = align(left, right, (one, other) => one === other);
    return found.flatMap(({ mark, left: old, right: newer }, index) => {
      const markClass = mark === '+' ? ' added' : mark === '-' ? ' removed' : '';
      const text = `${mark === '=' ? '' : `${mark} `}AS${old ?? newer}`;
      const step = node('span', `as-step${markClass}`, text);
      return index === 0 ? [step, ' '] : [node('span', 'arrow', '→'), ' ', step, ' '];
    });
  }

  /**
   * Rows of two routes, whose hops are `{ ttl, asn, ends: [address, name or null][], devices }`.
   */
  function hopRows(left, right) {
    const rows = pairUp(align(left, right, isSameHop));
    const differing = rows.filter(({ mark }) => mark !== '=').length;
    return { rows: rows.map(hopRow), differing };
  }

  window.pstraceRouteDiff = { isolated, hopRows, asSteps };
})();
