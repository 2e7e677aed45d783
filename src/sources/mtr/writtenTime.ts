import { isValid } from 'date-fns/isValid';
import { parse } from 'date-fns/parse';

/**
 * Epoch seconds of a time as tools and file names write it: ISO 8601, extended or basic (`-` may
 * replace `:`), the form of ctime, or epoch seconds. Without a zone it is local time. null for
 * anything else.
 */
export function parseWrittenTime(text: string): number | null {
  const written = text.trim();
  if (/^\d{9,10}$/.test(written)) return Number(written);
  if (/^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d /.test(written)) return parseCtime(written);
  const [match, year, month, day, hour, minute, second, zone = ''] =
    /^(\d{4})-?(\d\d)-?(\d\d)[T -]?(\d\d)[:-]?(\d\d)[:-]?(\d\d)(Z|[+-]\d\d:?\d\d)?$/.exec(
      written,
    ) ?? [];
  if (match === undefined) return null;
  const offset = zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  return secondsOf(new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`));
}

/** `Fri Nov 20 22:14:17 2026`, as old versions of mtr write it, without a zone. */
function parseCtime(text: string): number | null {
  return secondsOf(parse(text.replace(/ +/g, ' '), 'EEE MMM d HH:mm:ss yyyy', new Date(0)));
}

function secondsOf(date: Date): number | null {
  return isValid(date) ? Math.floor(date.getTime() / 1000) : null;
}
