/** Numbers for values, in the order of the first request. */
export interface Numbering {
  /** All values with their numbers, in this order. */
  readonly values: ReadonlyMap<string, number>;
  numberOf(value: string): number;
}

/** Creates a numbering that assigns the next number to each new value. */
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
