import { cleanText } from '../../lib/text.ts';
import type { ChangeBlock, HopText, Message, RouteLine } from './message.ts';

/** Text wraps at this width; only URLs and long names exceed it. */
const lineLength = 76;
const maxSystemWidth = 24;
/** Width of a line of a route without name, system and time: mark, number and the gaps. */
const routeFrameWidth = 13;
const detailsIndent = 11;

/** The plain-text part of a mail. */
export function renderPlainText(message: Message): string {
  const { headline, links, footer } = message;
  const parts = [
    wrap(headline),
    ...textParts(message),
    links.map(({ label, url }) => `${label}: ${url}`).join('\n'),
    `-- \n${wrap(footer)}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** The facts, each change in full, and the list of the others: parts that only make sense whole. */
export function textParts(message: Message): string[] {
  const { facts, blocks, more } = message;
  const labels = facts.map(({ label }) => label.length);
  const width = Math.max(0, ...labels) + 2;
  const parts = [
    facts.map(({ label, text }) => wrap(`${label.padEnd(width)}${text}`, width + 2, 2)).join('\n'),
    ...blocks.map(blockText),
    linesText(message),
    more === 0 ? '' : `... and ${more} more`,
  ];
  return parts.filter((part) => part !== '');
}

function linesText({ lines, blocks }: Message): string {
  const heading = blocks.length > 0 && lines.length > 0 ? 'Also:\n' : '';
  const texts = lines.map(({ severity, text, url }) => {
    const line = wrap(`* ${severity}: ${text}`, 4, 2);
    return url === null ? line : `${line}\n    ${url}`;
  });
  return heading + texts.join('\n');
}

function blockText(block: ChangeBlock): string {
  const { title, hosts, severity, what, verdict, why, asBefore, asAfter, route, links } = block;
  const asPathLines =
    asBefore === '' && asAfter === '' ? [] : [`Before: ${asBefore}`, `After:  ${asAfter}`];
  const texts = [
    wrap(title),
    ...[hosts, `${what}, ${severity}`, verdict, ...asPathLines, why.join(' ')]
      .filter(Boolean)
      .map((text) => wrap(text, 2, 2)),
  ];
  const hops = route.length === 0 ? [] : ['', ...routeText(route)];
  const linkLines =
    links.length === 0 ? [] : ['', ...links.map(({ label, url }) => `  ${label}: ${url}`)];
  return [...texts, ...hops, ...linkLines].join('\n');
}

/**
 * One hop a line: `-` removed, `+` added, `~` replaced, with the new hop below. Where names leave
 * too little space, address, system and time stand on a line of their own.
 */
function routeText(lines: readonly RouteLine[]): string[] {
  const hops = lines.flatMap(({ before, after }) => [before, after].filter((hop) => hop !== null));
  const system = Math.max(0, ...hops.map((hop) => systemOf(hop).length));
  const rtt = Math.max(0, ...hops.map((hop) => hop.rtt.length));
  const space = lineLength - routeFrameWidth - system - rtt;
  const name = Math.min(space, Math.max(0, ...hops.map((hop) => nameOf(hop).length)));
  const row = (mark: string, hop: HopText): string[] => {
    const start = `  ${mark.padEnd(2)}${hop.ttl.padStart(3)}`;
    const end = `${systemOf(hop).padEnd(system)}  ${hop.rtt.padStart(rtt)}`;
    const line = `${start}  ${nameOf(hop).padEnd(name)}  ${end}`.trimEnd();
    if (line.length <= lineLength) return [line];
    const rest = [hop.address && `(${hop.address})`, systemOf(hop), hop.rtt];
    return [
      `${start}  ${hop.name}`,
      wrap(rest.filter(Boolean).join('  '), detailsIndent, detailsIndent),
    ];
  };
  return lines.flatMap(({ mark, fold, before, after }) => {
    if (fold !== '') return [`       ...  ${fold}`];
    if (mark === '~' && before !== null && after !== null)
      return [...row('~', before), ...row(' >', after)];
    const shown = after === null || after.name === '*' ? (before ?? after) : after;
    return shown === null ? [] : row(mark, shown);
  });
}

function nameOf({ name, address }: HopText): string {
  return address === '' ? name : `${name} (${address})`;
}

function systemOf({ system }: HopText): string {
  return cleanText(system, maxSystemWidth) ?? '';
}

/**
 * Wraps text at blanks; the first line is indented by `first`, the others by `indent`. Long words
 * stay whole.
 */
function wrap(text: string, indent = 0, first = 0): string {
  const lines: string[] = [];
  let line = ' '.repeat(first);
  let isLineEmpty = true;
  for (const word of text.split(' ')) {
    if (!isLineEmpty && line.length + 1 + word.length > lineLength) {
      lines.push(line);
      line = ' '.repeat(indent) + word;
    } else {
      line += isLineEmpty ? word : ` ${word}`;
    }
    isLineEmpty = false;
  }
  return [...lines, line].join('\n');
}
