import type { TimeText } from '../../../model/values/format.ts';
import { findAll, node } from './dom.ts';

/*
 * Times in the zone that the reader chose. The choice is on the root element, because each script
 * of a page is compiled by itself and shares no variables with the others.
 */

const pattern = /^(\d{4}-\d\d-\d\d )?\d\d:\d\d(:\d\d)?( UTC)?$/;

export function isLocalZone(): boolean {
  return document.documentElement.dataset.readerZone === 'local';
}

export function setLocalZone(isLocal: boolean): void {
  document.documentElement.dataset.readerZone = isLocal ? 'local' : 'utc';
}

/** `UTC`, or the offset of the browser's zone as `UTC+5:30`. */
export function zoneName(): string {
  return isLocalZone() ? offsetText(new Date()) : 'UTC';
}

/**
 * A time in the reader's zone, in the form of the UTC text: with date, seconds and zone only if
 * that has them.
 */
export function inReaderZone({ iso, text }: TimeText): string {
  const match = isLocalZone() ? pattern.exec(text) : null;
  return match === null ? text : localText(new Date(iso), match);
}

/** Shows all `<time datetime>` below an element in the reader's zone. */
export function showTimes(root: ParentNode): void {
  for (const time of findAll<HTMLTimeElement>('time[datetime]', root)) {
    time.dataset.utc ??= time.textContent.trim();
    const text = inReaderZone({ iso: time.dateTime, text: time.dataset.utc });
    if (time.textContent !== text) time.textContent = text;
  }
}

/** A `<time>` element; `showTimes` turns it into the reader's zone. */
export function timeElement({ iso, text }: TimeText): HTMLTimeElement {
  const time = node('time', '', text);
  time.dateTime = iso;
  return time;
}

function localText(date: Date, [, day, seconds, zone]: RegExpExecArray): string {
  const year = day
    ? `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} `
    : '';
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return `${year}${clock}${seconds ? `:${two(date.getSeconds())}` : ''}${zone ? ` ${offsetText(date)}` : ''}`;
}

function offsetText(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const size = Math.abs(minutes);
  const rest = size % 60 === 0 ? '' : `:${two(size % 60)}`;
  return `UTC${minutes < 0 ? '−' : '+'}${Math.floor(size / 60)}${rest}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
