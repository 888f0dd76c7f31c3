/**
 * The odds of many faces under many people at once. A component's log-likelihood ratio is an inner product, so all of
 * them are a product of two large matrices: the sums that `logLikelihoodRatio` makes, up to the order of the terms.
 */

import type { OpenComputation } from '../../models/graph/computation.ts';
import { openProducts } from './products.ts';
import type { Template } from './two-covariance.ts';

export interface OddsOfBlock {
  /** The faces from this one on. */
  readonly first: number;
  /** One row of log-likelihood ratios for each face, one number for each template; they hold until the next block. */
  readonly rows: readonly Float64Array[];
}

export interface ManyOdds {
  /** @param faces projected, [k] each */
  blocks(faces: readonly Float32Array[]): AsyncGenerator<OddsOfBlock>;
  close(): Promise<void>;
}

/** Terms of a block, 16 MB of them; and no more faces than make a product worth its while. */
const termsOfBlock = 2_000_000;
const facesOfBlock = 1024;

/** Terms that lie so far below the highest one are nothing beside it in double precision. */
const outOfReach = 40;

export function openManyOdds(templates: readonly Template[], open: OpenComputation): ManyOdds {
  const components = templates.flatMap((template) => template.components);
  const m = components.length;
  const k = components[0]?.linear.length ?? 0;
  const size = 2 * k + 1;
  const matrix = new Float64Array(m * size);
  for (const [c, { quadratic, linear, constant, weight }] of components.entries()) {
    matrix.set(quadratic, c * size);
    matrix.set(linear, c * size + k);
    matrix[(c + 1) * size - 1] = constant + Math.log(weight);
  }
  /** The end of each template's components. */
  const ends = new Int32Array(templates.length);
  let end = 0;
  for (const [t, template] of templates.entries()) ends[t] = end += template.components.length;
  const products = openProducts(open);
  const all = { rows: m, columns: size, data: matrix };
  const most = Math.max(1, Math.min(facesOfBlock, Math.floor(termsOfBlock / Math.max(m, 1))));
  const rows = Array.from({ length: most }, () => new Float64Array(0));
  return {
    async *blocks(faces) {
      for (let first = 0; first < faces.length; first += most) {
        const block = faces.slice(first, first + most);
        const inputs = new Float64Array(block.length * size);
        for (const [i, z] of block.entries()) {
          for (let j = 0; j < k; j++) {
            inputs[i * size + j] = z[j]! * z[j]!;
            inputs[i * size + k + j] = z[j]!;
          }
          inputs[(i + 1) * size - 1] = 1;
        }
        const asked = { rows: block.length, columns: size, data: inputs };
        const terms = await products.timesTransposed(asked, all);
        for (const [i] of block.entries()) {
          if (rows[i]!.length === 0) rows[i] = new Float64Array(templates.length);
          addUp(terms.data.subarray(i * m, (i + 1) * m), ends, rows[i]!);
        }
        yield { first, rows: rows.slice(0, block.length) };
      }
    },
    close: () => products.close(),
  };
}

/** The logarithm of the sum of each template's terms, which are logarithms. */
function addUp(terms: Float64Array, ends: Int32Array, to: Float64Array): void {
  let c = 0;
  for (let t = 0; t < ends.length; t++) {
    const [first, end] = [c, ends[t]!];
    if (end - first <= 1) {
      // Nothing follows of somebody without a photo.
      to[t] = first === end ? 0 : terms[first]!;
      c = end;
      continue;
    }
    let highest = Number.NEGATIVE_INFINITY;
    for (; c < end; c++) if (terms[c]! > highest) highest = terms[c]!;
    let sum = 0;
    for (c = first; c < end; c++) if (terms[c]! > highest - outOfReach) sum += Math.exp(terms[c]! - highest);
    to[t] = highest + Math.log(sum);
  }
}
