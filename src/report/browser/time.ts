/* Shows times in UTC (as in the HTML) or in the browser's zone, and updates ages in [data-age]. */
import { formatAge } from '../../model/values/format.ts';
import { find, findAll } from './shared/dom.ts';
import { isLocalZone, setLocalZone, showTimes, zoneName } from './shared/readerZone.ts';
import { readChoice, storeChoice } from './shared/storedChoice.ts';

const key = 'pstrace-zone';
const minuteMs = 60_000;
const zoneSwitch = find('[data-zone-switch]');

function showZone(): void {
  const zone = zoneName();
  for (const element of findAll('[data-zone]')) element.textContent = zone;
  zoneSwitch.textContent = isLocalZone() ? 'Local' : 'UTC';
  zoneSwitch.setAttribute('aria-label', `Time zone: ${zone}. Change`);
}

function showAges(): void {
  for (const element of findAll('[data-age]')) {
    const seconds = (Date.now() - Date.parse(element.dataset.age ?? '')) / 1000;
    const text = `${formatAge(seconds)} old`;
    if (element.textContent !== text) element.textContent = text;
  }
}

zoneSwitch.addEventListener('click', () => {
  setLocalZone(!isLocalZone());
  storeChoice(key, isLocalZone() ? 'local' : 'utc');
  showTimes(document);
  showZone();
});
setLocalZone(readChoice(key) === 'local');
if (isLocalZone()) showTimes(document);
showZone();
showAges();
setInterval(showAges, minuteMs);
