import type { Route } from '../../model/trace/trace.ts';
import { acceptTemplate, type HopTemplate, learnTemplate } from './hopTemplates.ts';
import { closeBracket, comma, type JsonScanner, openBrace, openBracket } from './jsonScanner.ts';
import { type HopRecord, hopTime, ttlOf } from './readHops.ts';
import { createSymbolNode, follow, type SymbolTreeNode } from './symbolTree.ts';

/** Most templates to compare with a record: the branches of one hop. */
const maxCandidates = 16;
/** Templates after which they have to pay off. */
const trialTemplates = 256;

/**
 * The hop records of a result, read from the text of a response. The next result reuses the object.
 */
export class HopSequence {
  /** Number of records. */
  length = 0;
  /** Where the sequence of their templates ends; its route if all such results have the same. */
  node: SymbolTreeNode<Route>;
  readonly #scanner: JsonScanner;
  readonly #root = createSymbolNode<Route>(0);
  readonly #templates: HopTemplate[] = [];
  /** By index of the record: the templates that occurred there, the newest first. */
  readonly #candidates: HopTemplate[][] = [];
  readonly #current: HopTemplate[] = [];
  readonly #times: number[] = [];
  #seen = 0;

  constructor(scanner: JsonScanner) {
    this.#scanner = scanner;
    this.node = this.#root;
  }

  /** Whether records do not repeat, so that parsing the whole response takes less time. */
  get isFutile(): boolean {
    const learned = this.#templates.length;
    return learned > trialTemplates && 2 * learned > this.#seen;
  }

  /**
   * Reads a list of hop records. False for anything else. Throws a `SyntaxError` for invalid JSON.
   */
  read(): boolean {
    const scanner = this.#scanner;
    this.length = 0;
    this.node = this.#root;
    if (!scanner.accept(openBracket)) return false;
    if (scanner.accept(closeBracket)) return true;
    do {
      if (scanner.peek() !== openBrace || !this.#readRecord()) return false;
    } while (scanner.accept(comma));
    return scanner.accept(closeBracket);
  }

  /** A record with its time. The object changes with the next record of the same text. */
  at(index: number): HopRecord | undefined {
    const record = this.#current[index]?.record;
    const time = this.timeAt(index);
    if (record !== undefined && !Number.isNaN(time)) record.rtt = time;
    return record;
  }

  /** The template of a record. */
  templateAt(index: number): HopTemplate {
    return this.#current[index] as HopTemplate;
  }

  /** The time of a record; NaN for none. */
  timeAt(index: number): number {
    return this.#times[index] ?? Number.NaN;
  }

  /** Whether each record has a ttl of its own, in ascending order. */
  isAscending(): boolean {
    for (let index = 1; index < this.length; index += 1)
      if (!(ttlOf(this.at(index)) > ttlOf(this.at(index - 1)))) return false;
    return true;
  }

  #readRecord(): boolean {
    this.#seen += 1;
    const likely = this.node.previousNext;
    if (likely !== null && this.#accept(this.#templates[likely.symbol])) {
      this.node = likely;
      return true;
    }
    const candidates = this.#candidates[this.length] ?? [];
    this.#candidates[this.length] = candidates;
    const template =
      candidates.find((candidate) => this.#accept(candidate)) ?? this.#learn(candidates);
    if (template === null) return false;
    this.node = follow(this.node, template.symbol);
    return true;
  }

  #accept(template: HopTemplate | undefined): boolean {
    if (template === undefined) return false;
    const time = acceptTemplate(this.#scanner, template);
    if (time === null) return false;
    this.#append(template, time);
    return true;
  }

  #learn(candidates: HopTemplate[]): HopTemplate | null {
    const template = learnTemplate(this.#scanner, this.#templates.length);
    if (template === null) return null;
    this.#templates.push(template);
    candidates.unshift(template);
    candidates.length = Math.min(candidates.length, maxCandidates);
    this.#append(template, hopTime(template.record));
    return template;
  }

  #append(template: HopTemplate, time: number): void {
    this.#current[this.length] = template;
    this.#times[this.length] = time;
    this.length += 1;
  }
}
