/** One statement sets a value of its own in each of many rows. */

import { type RawBuilder, sql } from 'kysely';

/** @param rows at least one, each with another `id` */
export function valueById<T extends { readonly id: number }, V extends string | number | null>(
  rows: readonly T[],
  value: (row: T) => V,
): RawBuilder<V> {
  const cases = rows.map((row) => sql`when ${sql.lit(row.id)} then ${valueOf(value(row))}`);
  return sql<V>`case id ${sql.join(cases, sql` `)} end`;
}

/** Numbers are written out: PostgreSQL takes parameters here for text. */
function valueOf(value: string | number | null) {
  return typeof value === 'number' ? sql.lit(value) : sql.val(value);
}
