import type { LearnedRule } from './learnPolicy.ts';
import type { Expectations, Limit, PolicyRule } from './policy.ts';

/** Keys of the configuration, in the order in which to write them. */
const keys: readonly (readonly [key: string, name: keyof Expectations])[] = [
  ['must_traverse', 'mustTraverse'],
  ['must_avoid', 'mustAvoid'],
  ['expect_as_path', 'expectAsPath'],
  ['backup_as_path', 'backupAsPath'],
  ['max_hops', 'maxHops'],
  ['max_rtt_ms', 'maxRttMs'],
  ['max_loss_pct', 'maxLossPct'],
  ['max_hop_rtt_ms', 'maxHopRttMs'],
  ['max_hop_loss_pct', 'maxHopLossPct'],
];

/** Learned rules as text for the configuration file, each with a comment on its basis. */
export function policyToml(rules: readonly LearnedRule[]): string {
  return rules.map(({ rule, basis }) => `${comment(basis)}\n${block(rule)}`).join('\n');
}

function block(rule: PolicyRule): string {
  const lines = ['[[policy]]'];
  if (rule.tests.length > 0) lines.push(`tests = ${list(rule.tests)}`);
  if (rule.groups.length > 0) lines.push(`groups = ${list(rule.groups)}`);
  for (const [key, name] of keys) {
    const value = rule[name];
    if (value !== undefined) lines.push(`${key} = ${valueText(value)}`);
  }
  return `${lines.join('\n')}\n`;
}

function valueText(value: Limit | readonly string[]): string {
  if (typeof value === 'number') return String(value);
  if ('floor' in value) return `{ over_usual_pct = ${value.overUsualPct}, floor = ${value.floor} }`;
  return list(value);
}

function list(texts: readonly string[]): string {
  return `[${texts.map(quoted).join(', ')}]`;
}

/** A basic string of TOML, which also forbids DEL, unlike JSON. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007f');
}

/** Names come from outside: a line break in one would end the comment. */
function comment(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to be found
  return `# ${text.replace(/[\u0000-\u001f\u007f]/g, ' ')}`;
}
