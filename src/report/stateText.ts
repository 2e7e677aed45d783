import { type State, states } from '../model/site/analysis.ts';

/** A state as templates show it: class name, glyph and word. */
export interface StateText {
  /** Also the CSS class, which sets the color. */
  readonly state: State;
  readonly glyph: string;
  readonly word: string;
  /** One sentence for legends and tooltips. */
  readonly meaning: string;
}

/** Glyphs are from the WGL4 set, which all system fonts have. */
const texts: Readonly<Record<State, StateText>> = {
  unreached: {
    state: 'unreached',
    glyph: '×',
    word: 'unreached',
    meaning: 'The destination replied before but no longer does.',
  },
  changed: {
    state: 'changed',
    glyph: '≠',
    word: 'changed',
    meaning: 'The route differs from the usual one.',
  },
  degraded: {
    state: 'degraded',
    glyph: '▲',
    word: 'degraded',
    meaning: 'Round-trip time or loss is worse than usual.',
  },
  flapping: {
    state: 'flapping',
    glyph: '≈',
    word: 'flapping',
    meaning: 'The route keeps changing.',
  },
  filtered: {
    state: 'filtered',
    glyph: '◊',
    word: 'filtered',
    meaning: 'The destination never replies, but the route to it is stable.',
  },
  accepted: {
    state: 'accepted',
    glyph: '√',
    word: 'accepted',
    meaning: 'A change lasts that an operator accepted as usual.',
  },
  ok: {
    state: 'ok',
    glyph: '•',
    word: 'ok',
    meaning: 'The destination replies over the usual route.',
  },
  stale: {
    state: 'stale',
    glyph: '○',
    word: 'stale',
    meaning: 'No result for more than 2.5 test intervals.',
  },
  failed: {
    state: 'failed',
    glyph: '!',
    word: 'failed',
    meaning: 'The archive reports that the test fails.',
  },
  untested: {
    state: 'untested',
    glyph: '–',
    word: 'untested',
    meaning:
      'A test is expected but has no result yet, or only results of two hosts under one key.',
  },
};

/** Glyph, word and meaning of a state. */
export function stateText(state: State): StateText {
  return texts[state];
}

/** All states, worst first. */
export const stateTexts: readonly StateText[] = states.map(stateText);
