/* Shows every <time datetime> in UTC (as in the HTML) or in the browser's zone, and updates ages
   in [data-age]. */
(() => {
  const key = 'pstrace-zone';
  const pattern = /^(\d{4}-\d\d-\d\d )?\d\d:\d\d(:\d\d)?( UTC)?$/;
  const utcTexts = new WeakMap();

  function readStored() {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  }

  function store(zone) {
    try {
      localStorage.setItem(key, zone);
    } catch {
      // The choice is lost when the page closes.
    }
  }

  let local = readStored() === 'local';

  function two(number) {
    return String(number).padStart(2, '0');
  }

  function offset(date) {
    const minutes = -date.getTimezoneOffset();
    const size = Math.abs(minutes);
    const rest = size % 60 === 0 ? '' : `:${two(size % 60)}`;
    return `UTC${minutes < 0 ? '−' : '+'}${Math.floor(size / 60)}${rest}`;
  }

  /** Same form as the UTC text: with date, seconds and zone only if that has them. */
  function localText(iso, utc) {
    const [, day, seconds, zone] = pattern.exec(utc);
    const date = new Date(iso);
    const parts = [`${two(date.getHours())}:${two(date.getMinutes())}`];
    if (day) {
      parts.unshift(`${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} `);
    }
    if (seconds) parts.push(`:${two(date.getSeconds())}`);
    if (zone) parts.push(` ${offset(date)}`);
    return parts.join('');
  }

  function show(root) {
    for (const time of root.querySelectorAll('time[datetime]')) {
      if (!utcTexts.has(time)) utcTexts.set(time, time.textContent.trim());
      const utc = utcTexts.get(time);
      if (!pattern.test(utc)) continue;
      const text = local ? localText(time.dateTime, utc) : utc;
      if (time.textContent !== text) time.textContent = text;
    }
  }

  function showZone() {
    const zone = local ? offset(new Date()) : 'UTC';
    for (const element of document.querySelectorAll('[data-zone]')) element.textContent = zone;
    const button = document.querySelector('[data-zone-switch]');
    button.textContent = local ? 'Local' : 'UTC';
    button.setAttribute('aria-label', `Time zone: ${zone}. Change`);
  }

  function ageText(seconds) {
    const units = [
      [86400, 'day'],
      [3600, 'hour'],
      [60, 'minute'],
    ];
    const [size, unit] = units.find(([length]) => seconds >= 2 * length) ?? [60, 'minute'];
    const number = Math.max(0, Math.round(seconds / size));
    return `${number} ${unit}${number === 1 ? '' : 's'} old`;
  }

  function showAges() {
    for (const element of document.querySelectorAll('[data-age]')) {
      const text = ageText((Date.now() - Date.parse(element.dataset.age)) / 1000);
      if (element.textContent !== text) element.textContent = text;
    }
  }

  /** For scripts that add times to the page. */
  window.pstraceTimes = { show };

  document.querySelector('[data-zone-switch]').addEventListener('click', () => {
    local = !local;
    store(local ? 'local' : 'utc');
    show(document);
    showZone();
  });
  if (local) show(document);
  showZone();
  showAges();
  setInterval(showAges, 60000);
})();
