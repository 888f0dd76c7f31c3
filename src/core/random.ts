/** The one place for chance: seeded, so that the same seed gives the same result on every machine. */

/** A stream of numbers in [0, 1). Mulberry32 (Tommy Ettinger, public domain): 32 bits of state are enough here. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** A hash as a number in [0, 1): the first 48 bits of its hexadecimal digits. */
export function hashToUnit(hex: string): number {
  return Number.parseInt(hex.slice(0, 12), 16) / 2 ** 48;
}

/** A shuffled copy (Fisher–Yates). */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}

/** A number of the normal distribution; what lies beyond two standard deviations is drawn again (Box–Muller). */
export function truncatedNormal(random: () => number): number {
  for (;;) {
    const value = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    if (Math.abs(value) <= 2) return value;
  }
}
