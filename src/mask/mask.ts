import { createHash } from 'node:crypto';
import { keyedDigest } from '../lib/keyedDigest.ts';
import type { KeptPeriod } from '../model/analysis.ts';
import type { Responder, Route, Trace } from '../model/trace.ts';
import { pseudonyms } from './pseudonyms.ts';
import { hiddenBy, isPrivate, type MaskRules } from './rules.ts';
import { maskedText, type WordMask } from './text.ts';

/** What a mask is made of. */
export interface MaskParts {
  readonly key: Buffer;
  readonly rules: MaskRules;
  /** Canonical addresses that were seen within `rules.hops` of a source. */
  readonly near: ReadonlySet<string>;
  /** What else tells of hidden addresses, in lower case: their host names, names of their routers, their subnets, keys. */
  readonly telling: (hidden: (address: string) => boolean) => ReadonlySet<string>;
}

/** Replaces what must not be published by pseudonyms: the same for the same, in whatever it occurs. */
export interface Mask {
  trace(trace: Trace): Trace;
  period(period: KeptPeriod): KeptPeriod;
  responders(responders: ReadonlyMap<string, Responder>): ReadonlyMap<string, Responder>;
  /** Any plain data: each text in it with its addresses, names and test ids replaced. */
  plain<Value>(value: Value): Value;
  /** Changes whenever something that was shown is hidden now or the other way about. */
  readonly fingerprint: string;
}

/** Makes a mask. What it was asked once it remembers, as long as it lives. */
export function createMask({ key, rules, near, telling }: MaskParts): Mask {
  const pseudonym = pseudonyms(key);
  const isHidden = hiddenBy(rules, near);
  const known = new Map<string, string>();
  const address = (text: string): string => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const shown = isHidden(text) ? pseudonym(isPrivate(text) ? 'private' : 'masked', text) : text;
    known.set(text, shown);
    return shown;
  };
  const names = telling(isHidden);
  const words: WordMask = {
    address: (text) => (isHidden(text) ? address(text) : null),
    prefix: (text) => (names.has(text) ? pseudonym('masked', text) : null),
    name: (text) => (names.has(text) ? pseudonym('masked', text) : null),
    digest: (text) => keyedDigest(text, key, text.length),
  };
  const text = remembered((value: string) => maskedText(value, words));
  const plain = <Value>(value: Value): Value => mapped(value, text) as Value;
  const routes = new WeakMap<Route, Route>();
  const route = (shown: Route): Route => {
    const before = routes.get(shown);
    if (before !== undefined) return before;
    const hops = shown.hops.map((hop) => ({ ...hop, addresses: hop.addresses.map(address) }));
    const masked = { ...shown, hops };
    routes.set(shown, masked);
    return masked;
  };
  const responder = ({ address: own, hostname, asn, asName }: Responder): Responder => ({
    address: address(own),
    hostname: isHidden(own) || hostname === null ? null : text(hostname),
    asn,
    asName: asName === null ? null : text(asName),
  });
  /** Names without an address may be those of near routers, which no list of addresses tells. */
  const named = rules.hops > 0 ? (own: string) => pseudonym('masked', own.toLowerCase()) : text;

  return {
    trace: (trace) => ({
      ...trace,
      route: route(trace.route),
      ...(trace.named && { named: trace.named.map((one) => ({ ...one, name: named(one.name) })) }),
    }),
    period: (period) => ({
      ...period,
      route: period.route.map((hop) => ({ ...hop, addresses: hop.addresses.map(address) })),
    }),
    responders: (all) => new Map(all.values().map((one) => [address(one.address), responder(one)])),
    plain,
    fingerprint: createHash('sha256')
      .update(JSON.stringify([key.toString('hex'), rules, [...near].sort(), [...names].sort()]))
      .digest('hex'),
  };
}

/** Texts that are remembered before all are forgotten: a mesh has some ten thousand. */
const mostTexts = 200_000;

function remembered(make: (text: string) => string): (text: string) => string {
  const made = new Map<string, string>();
  return (text) => {
    const before = made.get(text);
    if (before !== undefined) return before;
    if (made.size >= mostTexts) made.clear();
    const value = make(text);
    made.set(text, value);
    return value;
  };
}

/** A copy of plain data with all its texts replaced; maps too, with their keys. */
function mapped(value: unknown, text: (value: string) => string): unknown {
  if (typeof value === 'string') return text(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((one) => mapped(one, text));
  if (value instanceof Map) {
    return new Map([...value].map(([key, one]) => [mapped(key, text), mapped(one, text)]));
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapped(one, text)]));
}
