/*
 * Runs before the first paint: marks that scripts run and applies the reader's theme. On a phone,
 * the navigation scrolls to the current page.
 */
import { readChoice, storeChoice } from './shared/storedChoice.ts';

const root = document.documentElement;
const themeLabels = { auto: 'Auto', light: 'Light', dark: 'Dark' } as const;
type Theme = keyof typeof themeLabels;
const nextTheme: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' };
const key = 'pstrace-theme';

function isTheme(text: string | null): text is Theme {
  return text !== null && Object.hasOwn(themeLabels, text);
}

const stored = readChoice(key);
let theme: Theme = isTheme(stored) ? stored : 'auto';

function apply(): void {
  if (theme === 'auto') delete root.dataset.theme;
  else root.dataset.theme = theme;
  const themeSwitch = document.querySelector('[data-theme-switch]');
  if (themeSwitch === null) return;
  themeSwitch.textContent = themeLabels[theme];
  themeSwitch.setAttribute('aria-label', `Colors: ${themeLabels[theme]}. Change`);
}

function showOpenPage(): void {
  const open = document.querySelector<HTMLElement>('.top nav [aria-current]');
  const line = open?.parentElement;
  if (!open || !line) return;
  line.scrollLeft = open.offsetLeft - line.offsetLeft - (line.clientWidth - open.offsetWidth) / 2;
}

root.dataset.js = '';
apply();
document.addEventListener('DOMContentLoaded', () => {
  apply();
  showOpenPage();
  document.querySelector('[data-theme-switch]')?.addEventListener('click', () => {
    theme = nextTheme[theme];
    storeChoice(key, theme);
    apply();
  });
});
