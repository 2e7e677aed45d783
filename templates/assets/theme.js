/* Runs before the first paint: marks that scripts run and applies the reader's theme. On a
   phone, the navigation scrolls to the current page. */
(() => {
  const root = document.documentElement;
  const themes = ['auto', 'light', 'dark'];
  const themeLabels = { auto: 'Auto', light: 'Light', dark: 'Dark' };
  const key = 'pstrace-theme';

  root.dataset.js = '';

  // Some browsers refuse storage for pages opened from a file.
  function readStored() {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  }

  function store(theme) {
    try {
      localStorage.setItem(key, theme);
    } catch {
      // The choice is lost when the page closes.
    }
  }

  let theme = themes.includes(readStored()) ? readStored() : 'auto';

  function apply() {
    if (theme === 'auto') delete root.dataset.theme;
    else root.dataset.theme = theme;
    const button = document.querySelector('[data-theme-switch]');
    if (button === null) return;
    button.textContent = themeLabels[theme];
    button.setAttribute('aria-label', `Colors: ${themeLabels[theme]}. Change`);
  }

  function showOpenPage() {
    const open = document.querySelector('.top nav [aria-current]');
    if (open === null) return;
    const line = open.parentElement;
    line.scrollLeft = open.offsetLeft - line.offsetLeft - (line.clientWidth - open.offsetWidth) / 2;
  }

  apply();
  document.addEventListener('DOMContentLoaded', () => {
    apply();
    showOpenPage();
    document.querySelector('[data-theme-switch]').addEventListener('click', () => {
      theme = themes[(themes.indexOf(theme) + 1) % themes.length];
      store(theme);
      apply();
    });
  });
})();
