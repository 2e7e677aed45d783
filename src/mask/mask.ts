import { createHash } from 'node:crypto';
import { keyedDigest } from '../lib/keyedDigest.ts';
import type { StoredRoutePeriod } from '../model/site/analysis.ts';
import { isLocalAddress } from '../model/trace/addressKinds.ts';
import type { Responder, Route, Trace } from '../model/trace/trace.ts';
import { createHiddenTest, type MaskRules } from './maskRules.ts';
import { maskText, type WordMask } from './maskText.ts';
import { createPseudonymizer } from './pseudonymizer.ts';

/** The parts of a mask. */
export interface MaskOptions {
  readonly key: Buffer;
  readonly rules: MaskRules;
  /** Canonical addresses seen within `rules.hops` of a source. */
  readonly nearAddresses: ReadonlySet<string>;
  /**
   * Other words that identify hidden addresses, in lower case: host names, router names, subnets,
   * keys.
   */
  readonly identifyingWords: (hidden: (address: string) => boolean) => ReadonlySet<string>;
}

/** Replaces hidden text by pseudonyms: the same text by the same pseudonym, wherever it occurs. */
export interface Mask {
  trace(trace: Trace): Trace;
  period(period: StoredRoutePeriod): StoredRoutePeriod;
  responder(responder: Responder): Responder;
  /** Any plain data, with the addresses, names and test ids in all its texts replaced. */
  plain<Value>(value: Value): Value;
  /** Changes whenever something visible becomes hidden or the other way around. */
  readonly fingerprint: string;
}

/** Creates a mask. It caches its answers for as long as it lives. */
export function createMask({ key, rules, nearAddresses, identifyingWords }: MaskOptions): Mask {
  const pseudonym = createPseudonymizer(key);
  const isHidden = createHiddenTest(rules, nearAddresses);
  const known = new Map<string, string>();
  const address = (text: string): string => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const shown = isHidden(text)
      ? pseudonym(isLocalAddress(text) ? 'private' : 'masked', text)
      : text;
    known.set(text, shown);
    return shown;
  };
  const hiddenWords = identifyingWords(isHidden);
  const words: WordMask = {
    address: (text) => (isHidden(text) ? address(text) : null),
    prefix: (text) => (hiddenWords.has(text) ? pseudonym('masked', text) : null),
    name: (text) => (hiddenWords.has(text) ? pseudonym('masked', text) : null),
    digest: (text) => keyedDigest(text, key, text.length),
  };
  const text = memoize((value: string) => maskText(value, words));
  const plain = <Value>(value: Value): Value => mapTexts(value, text) as Value;
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
  /** Names without an address may belong to near routers, which no list of addresses contains. */
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
    responder,
    plain,
    fingerprint: createHash('sha256')
      .update(
        JSON.stringify([
          key.toString('hex'),
          rules,
          [...nearAddresses].sort(),
          [...hiddenWords].sort(),
        ]),
      )
      .digest('hex'),
  };
}

/** Texts in the cache before it is cleared: a mesh has some ten thousand. */
const maxTexts = 200_000;

function memoize(make: (text: string) => string): (text: string) => string {
  const cached = new Map<string, string>();
  return (text) => {
    const before = cached.get(text);
    if (before !== undefined) return before;
    if (cached.size >= maxTexts) cached.clear();
    const value = make(text);
    cached.set(text, value);
    return value;
  };
}

/** A copy of plain data with all its texts replaced, the keys of maps included. */
function mapTexts(value: unknown, text: (value: string) => string): unknown {
  if (typeof value === 'string') return text(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, text));
  if (value instanceof Map) {
    return new Map([...value].map(([key, one]) => [mapTexts(key, text), mapTexts(one, text)]));
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapTexts(one, text)]));
}
