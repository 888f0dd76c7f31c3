/** Long lists, in parts that a database takes in one statement. */

/** SQLite takes 32,766 parameters in a statement, PostgreSQL 65,535; a row has up to a dozen. */
const chunkRows = 1000;

export function* chunksOf<T>(items: readonly T[], size = chunkRows): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}

/** Everything that is found for all parts together. */
export async function gathered<T, R>(
  items: readonly T[],
  find: (part: readonly T[]) => Promise<readonly R[]>,
): Promise<R[]> {
  const found: R[] = [];
  for (const part of chunksOf(items)) for (const row of await find(part)) found.push(row);
  return found;
}
