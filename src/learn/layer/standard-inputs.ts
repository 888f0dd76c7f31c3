/**
 * Inputs of other sizes are held back alike only once they are of one size: each less its mean, divided by its
 * standard deviation. That is never written down. Products run over the inputs less the first example, as soon as those
 * are copied together, and mean and scale go into what the inputs are multiplied with.
 */

import { checkFinite } from '../../core/checked-numbers.ts';

export interface StandardInputs {
  readonly examples: number;
  readonly size: number;
  /** [examples, size], row-major: each example less the first. */
  readonly values: Float32Array;
  readonly first: Float32Array;
  /** The mean of the values. */
  readonly mean: Float64Array;
  /** One divided by the standard deviation; 0 for an input that never changes. */
  readonly scale: Float64Array;
}

/**
 * Sums of what lies off the first example tell mean and variance at once, exact even where inputs are large and vary
 * little. Four examples are added at a time: the sums are read and written a quarter as often.
 *
 * @throws WhosinError `bad-weights` if an input is no finite number
 */
export function standardInputs(inputs: readonly Float32Array[]): StandardInputs {
  const examples = inputs.length;
  const first = inputs[0]!;
  const size = first.length;
  const values = roomFor(examples * size);
  const sum = new Float64Array(size);
  const squares = new Float64Array(size);
  // The first one fills up the last four; it is off itself by nothing, and its values are not read.
  const spare = new Float32Array(size);
  for (let k = 0; k < examples; k += 4) {
    const row = (i: number): Row =>
      k + i < examples
        ? { input: inputs[k + i]!, value: values.subarray((k + i) * size, (k + i + 1) * size) }
        : { input: first, value: spare };
    addFour([row(0), row(1), row(2), row(3)], first, sum, squares);
  }
  // Only a value that is no finite number makes such a sum.
  if (!squares.every((square) => Number.isFinite(square))) checkFinite('A bottleneck', inputs);
  const mean = sum.map((value) => value / examples);
  const scale = squares.map((value, i) => {
    const variance = value / examples - mean[i]! ** 2;
    return variance > 1e-12 * (1 + (first[i]! + mean[i]!) ** 2) ? 1 / Math.sqrt(variance) : 0;
  });
  return { examples, size, values, first, mean, scale };
}

/** Memory of a fit that is over: the system takes longer to give a new piece than a fit to write it. */
let over: WeakRef<Float32Array> | undefined;

function roomFor(length: number): Float32Array {
  const found = over?.deref();
  over = undefined;
  return found && found.length >= length ? found.subarray(0, length) : new Float32Array(length);
}

/** Nobody looks at the values any more. */
export function release({ values }: StandardInputs): void {
  over = new WeakRef(new Float32Array(values.buffer));
}

interface Row {
  readonly input: Float32Array;
  readonly value: Float32Array;
}

/** A function of its own, which Node compiles at once. */
function addFour(
  [one, two, three, four]: readonly [Row, Row, Row, Row],
  middle: Float32Array,
  sum: Float64Array,
  squares: Float64Array,
): void {
  const [a, b, c, d] = [one.input, two.input, three.input, four.input];
  const [p, q, r, s] = [one.value, two.value, three.value, four.value];
  for (let i = 0; i < sum.length; i++) {
    const off = middle[i]!;
    const u = a[i]! - off;
    const v = b[i]! - off;
    const x = c[i]! - off;
    const y = d[i]! - off;
    p[i] = u;
    q[i] = v;
    r[i] = x;
    s[i] = y;
    sum[i]! += u + v + x + y;
    squares[i]! += u * u + v * v + x * x + y * y;
  }
}

/**
 * The weights of inputs less the first [size, classes], and the bias, of a layer on standard inputs and a constant.
 *
 * @param parameters [size + 1, classes], row-major; the last ones are the weights of the constant
 */
export function weightsAsGiven(
  parameters: Float64Array,
  { size, mean, scale }: StandardInputs,
  constant: number,
): { readonly weights: Float32Array; readonly bias: Float32Array } {
  const classes = parameters.length / (size + 1);
  const weights = new Float32Array(size * classes);
  const bias = new Float64Array(classes);
  for (let c = 0; c < classes; c++) bias[c] = constant * parameters[size * classes + c]!;
  for (let i = 0, w = 0; i < size; i++) {
    const [times, middle] = [scale[i]!, mean[i]!];
    for (let c = 0; c < classes; c++, w++) {
      const weight = parameters[w]! * times;
      weights[w] = weight;
      bias[c]! -= weight * middle;
    }
  }
  return { weights, bias: new Float32Array(bias) };
}

/**
 * The slopes of a loss in the parameters of such a layer.
 *
 * @param slopes in the weights of inputs less the first [size, classes]
 * @param sums in the bias [classes]
 */
export function slopesOfStandard(
  slopes: Float32Array,
  sums: Float32Array,
  { size, mean, scale }: StandardInputs,
  constant: number,
): Float64Array {
  const classes = sums.length;
  const out = new Float64Array((size + 1) * classes);
  for (let i = 0, w = 0; i < size; i++) {
    const [times, middle] = [scale[i]!, mean[i]!];
    for (let c = 0; c < classes; c++, w++) out[w] = (slopes[w]! - middle * sums[c]!) * times;
  }
  for (let c = 0; c < classes; c++) out[size * classes + c] = constant * sums[c]!;
  return out;
}
