/** Work that goes on side by side. */

/** As `Promise.all`, but nothing goes on behind its back: where one fails, the others are waited for before it throws. */
export async function together<T extends readonly Promise<unknown>[] | []>(
  work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
