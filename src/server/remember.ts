/** Puts it into a map of at most so many. @returns the oldest one, if it had to go for it */
export function remember<T>(map: Map<number, T>, most: number, key: number, value: T): T | undefined {
  map.set(key, value);
  if (map.size <= most) return undefined;
  const [oldest, old] = map.entries().next().value!;
  map.delete(oldest);
  return old;
}
