/** The odds of several faces that are one person, taken together: prepared once for a template that is compared with many. */

import type { Component, MeanFace, Template } from './two-covariance.ts';

/** Terms of four components are summed side by side: a processor waits for each addition otherwise. */
const abreast = 4;

/**
 * The mean log-likelihood ratio of several faces, component by component: no more than one of them says. (The ratio
 * of their mean face would be another thing: a mean has less noise than a photo, and lies nearer to everybody.)
 */
export function openMeanOdds({ components }: Template): (faces: MeanFace) => number {
  if (components.length === 0) return () => 0;
  const starts = Float64Array.from(components, startOf);
  const terms = new Float64Array(components.length);
  return (faces) => {
    let c = 0;
    for (; c + abreast <= terms.length; c += abreast) addFour(components, starts, c, faces, terms);
    for (; c < terms.length; c++) terms[c] = termOf(components[c]!, starts[c]!, faces);
    let highest = terms[0]!;
    for (const term of terms) highest = Math.max(highest, term);
    let sum = 0;
    for (const term of terms) sum += Math.exp(term - highest);
    return highest + Math.log(sum);
  };
}

/** The log odds of a component before any coordinate is looked at. */
export function startOf({ weight, constant }: Component): number {
  return Math.log(weight) + constant;
}

function termOf({ quadratic, linear }: Component, start: number, { z, squares }: MeanFace): number {
  let sum = start;
  for (let j = 0; j < z.length; j++) sum += quadratic[j]! * squares[j]! + linear[j]! * z[j]!;
  return sum;
}

function addFour(
  components: readonly Component[],
  starts: Float64Array,
  c: number,
  { z, squares }: MeanFace,
  terms: Float64Array,
): void {
  const { quadratic: q0, linear: l0 } = components[c]!;
  const { quadratic: q1, linear: l1 } = components[c + 1]!;
  const { quadratic: q2, linear: l2 } = components[c + 2]!;
  const { quadratic: q3, linear: l3 } = components[c + 3]!;
  let s0 = starts[c]!;
  let s1 = starts[c + 1]!;
  let s2 = starts[c + 2]!;
  let s3 = starts[c + 3]!;
  for (let j = 0; j < z.length; j++) {
    const y = squares[j]!;
    const x = z[j]!;
    s0 += q0[j]! * y + l0[j]! * x;
    s1 += q1[j]! * y + l1[j]! * x;
    s2 += q2[j]! * y + l2[j]! * x;
    s3 += q3[j]! * y + l3[j]! * x;
  }
  terms[c] = s0;
  terms[c + 1] = s1;
  terms[c + 2] = s2;
  terms[c + 3] = s3;
}
