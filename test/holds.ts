/** Properties that hold for whatever fast-check makes up. */

import * as fc from 'fast-check';

/** The same examples in every run; others with `WHOSIN_SEED=7 npx vitest run properties`. */
const seed = Number(process.env['WHOSIN_SEED'] ?? 1);

/** Fails with the smallest example for which the property does not hold. */
export function holds<T>(property: fc.IProperty<T>, numRuns = 300): void {
  fc.assert(property, { seed, numRuns });
}

/** The same for properties of files, of which fewer examples are tried. */
export async function holdsOfFiles<T>(property: fc.IAsyncProperty<T>, numRuns = 60): Promise<void> {
  await fc.assert(property, { seed, numRuns });
}
