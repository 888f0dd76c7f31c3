/** A last layer: logits for each label from one vector, and the softmax that makes probabilities of them. */

export interface Head {
  /** [labels × inputs], row-major. */
  readonly weights: Float32Array;
  /** [labels] */
  readonly bias: Float32Array;
}

/** Adds the head's logits for one input to `logits`. */
export function addHead({ weights, bias }: Head, input: Float32Array, logits: Float32Array): void {
  for (let c = 0; c < bias.length; c++) {
    let sum = bias[c]!;
    for (let i = 0, w = c * input.length; i < input.length; i++, w++) sum += weights[w]! * input[i]!;
    logits[c]! += sum;
  }
}

export function softmax(logits: ArrayLike<number>): Float64Array {
  return softmaxAndTotal(logits).shares;
}

/** @returns `total`: the logarithm of what the exponentials of the logits add up to */
export function softmaxAndTotal(logits: ArrayLike<number>): {
  readonly shares: Float64Array;
  readonly total: number;
} {
  const shares = new Float64Array(logits.length);
  let [highest, total] = [-Infinity, 0];
  for (let i = 0; i < shares.length; i++) highest = Math.max(highest, logits[i]!);
  for (let i = 0; i < shares.length; i++) total += shares[i] = Math.exp(logits[i]! - highest);
  for (let i = 0; i < shares.length; i++) shares[i]! /= total;
  return { shares, total: highest + Math.log(total) };
}

/** A head that changes nothing. */
export function emptyHead(classes: number, size: number): Head {
  return { weights: new Float32Array(classes * size), bias: new Float32Array(classes) };
}
