/** Pairs of faces that may be one person, and who is near whom. */

export interface Neighbours {
  /** [pairs × 2] */
  readonly pairs: Int32Array;
}

/** @returns for each face, the others that it is in a pair with */
export function nearOf(faces: number, { pairs }: Neighbours): number[][] {
  const near = Array.from({ length: faces }, (): number[] => []);
  for (let p = 0; p < pairs.length; p += 2) {
    const [a, b] = [pairs[p]!, pairs[p + 1]!];
    near[a]!.push(b);
    near[b]!.push(a);
  }
  return near;
}
