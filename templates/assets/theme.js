/* Runs before the first paint: marks that scripts run and applies the reader's colours. On a phone the pages are a line that
   scrolls: it shows the one that is open. */
(() => {
  const root = document.documentElement;
  const themes = ['auto', 'light', 'dark'];
  const themeLabels = { auto: 'Auto', light: 'Light', dark: 'Dark' };
  const key = 'pstrace-theme';

  root.dataset.js = '';

  // Storage is refused in some browsers for pages opened from a file.
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
      // The choice then lasts as long as the page.
    }
  }

  let theme = themes.includes(readStored()) ? readStored() : 'auto';

  function apply() {
    if (theme === 'auto') delete root.dataset.theme;
    else root.dataset.theme = theme;
    const button = document.querySelector('[data-theme-switch]');
    if (button === null) return;
    button.textContent = themeLabels[theme];
    button.setAttribute('aria-label', `Colours: ${themeLabels[theme]}. Change`);
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
