/** Whom faces look like, besides the people whose they are said to be. */

import { openManyOdds } from '../../learn/odds/many-odds.ts';
import type { Template } from '../../learn/odds/two-covariance.ts';
import type { OpenComputation } from '../../models/graph/computation.ts';

export interface Rival {
  /** Index of the template; −1 if the face is like nobody. */
  readonly person: number;
  /** Log odds that the face is this person; 0 for nobody. */
  readonly odds: number;
}

/**
 * @param own index of the template that a face is not compared with
 * @param onFace told how many faces have been compared
 * @returns for each face the template that it is most like
 */
export async function likeliestOthers(
  templates: readonly Template[],
  faces: readonly { readonly z: Float32Array; readonly own: number }[],
  open: OpenComputation,
  onFace: (done: number) => void,
): Promise<readonly Rival[]> {
  const everybody = openManyOdds(templates, open);
  const found: Rival[] = [];
  try {
    for await (const { first, rows } of everybody.blocks(faces.map(({ z }) => z))) {
      for (const [i, row] of rows.entries()) found.push(highest(row, faces[first + i]!.own));
      onFace(found.length);
    }
  } finally {
    await everybody.close();
  }
  return found;
}

function highest(odds: Float64Array, own: number): Rival {
  let best = { person: -1, odds: 0 };
  for (let p = 0; p < odds.length; p++) {
    if (odds[p]! > best.odds && p !== own) best = { person: p, odds: odds[p]! };
  }
  return best;
}
