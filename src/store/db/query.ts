import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

/** A column of a query: its type in TypeScript, and the types with which a table may declare it. */
export interface Column<T> {
  readonly declared: readonly string[];
  /** Carries the type; never set. */
  readonly type?: T;
}

export const text: Column<string> = { declared: ['TEXT'] };
export const number: Column<number> = { declared: ['INTEGER', 'REAL'] };
export const bytes: Column<Uint8Array> = { declared: ['BLOB'] };

/** A text column that holds some texts only. */
export function textOf<T extends string>(): Column<T> {
  return { declared: text.declared };
}

/** A column that may be NULL. */
export function nullable<T>({ declared }: Column<T>): Column<T | null> {
  return { declared };
}

/** The columns of a query that its reader needs, by name. */
export type Columns = Readonly<Record<string, Column<unknown>>>;

/** A row with some columns. */
export type Row<C extends Columns> = {
  readonly [Name in keyof C]: C[Name] extends Column<infer T> ? T : never;
};

/** A prepared query. */
export interface Query<R> {
  all(...parameters: SQLInputValue[]): R[];
  get(...parameters: SQLInputValue[]): R | undefined;
  iterate(...parameters: SQLInputValue[]): IterableIterator<R>;
}

/**
 * Prepares a query and types its rows, without a cost for each row: all tables are STRICT, so the
 * declared types hold. Throws an `Error` if the query lacks a column or declares another type.
 * Expressions, such as a sum, have no declared type and are not checked.
 */
export function query<C extends Columns>(
  database: DatabaseSync,
  sql: string,
  columns: C,
): Query<Row<C>> {
  const statement = database.prepare(sql);
  const declaredTypes = new Map(statement.columns().map(({ name, type }) => [name, type]));
  for (const [name, { declared }] of Object.entries(columns)) {
    const type = declaredTypes.get(name);
    if (type === undefined || (type !== null && !declared.includes(type)))
      throw new Error(`column "${name}" is ${type ?? 'missing'} in the query ${sql}`);
  }
  return statement as unknown as Query<Row<C>>;
}
