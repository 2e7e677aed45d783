/** Numbers for values, in the order in which they are asked for. */
export interface Numbering {
  /** All values with their numbers, in that order. */
  readonly values: ReadonlyMap<string, number>;
  numberOf(value: string): number;
}

/** Gives each value the next number when it is first asked for. */
export function createNumbering(): Numbering {
  const values = new Map<string, number>();
  return {
    values,
    numberOf(value) {
      const known = values.get(value);
      if (known !== undefined) return known;
      const number = values.size;
      values.set(value, number);
      return number;
    },
  };
}
