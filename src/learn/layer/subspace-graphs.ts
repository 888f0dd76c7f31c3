/**
 * The graphs that a fit in a growing subspace runs. As loops of JavaScript most of them would be over before Node had
 * compiled them.
 */

import { GraphWriter, type Value } from '../../models/graph/writer.ts';

/**
 * How much of each label is in each contrast (Helmert's): a label is told from the mean of those before it. A number that
 * all logits of an example have in common changes no probability, so contrasts say all, and there is one fewer of them;
 * they stand at right angles, so that the squares of weights add up to the same.
 */
export function contrastsBetween(classes: number): readonly Float64Array[] {
  return Array.from({ length: classes - 1 }, (_, a) => {
    const length = Math.sqrt((a + 1) * (a + 2));
    const partOf = (label: number): number => (label <= a ? 1 : label === a + 1 ? -(a + 1) : 0);
    return Float64Array.from({ length: classes }, (__, label) => partOf(label) / length);
  });
}

/** Pairs of contrasts, each once. */
export function contrastPairs(contrasts: number): readonly (readonly [number, number])[] {
  return pairsOf(contrasts, 0);
}

function pairsOf(count: number, apart: number): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  for (let one = 0; one < count; one++) {
    for (let other = 0; other + apart <= one; other++) pairs.push([one, other]);
  }
  return pairs;
}

/**
 * The cross-entropy in the subspace: `inputs` [m, n], the first row all 1; `weights` [classes, m]; `targets` [n, classes],
 * 1 for the right label; `shares` [1, n]. Gives `loss` [], in nats; `errors` [classes - 1, n], by how much it grows with
 * a logit of each contrast, in single precision; `slopes` [classes - 1, m], with a weight; and `curvature`
 * [pairs of contrasts, m, m].
 */
export function subspaceLossGraph(classes: number): Uint8Array {
  const g = new GraphWriter('subspace-loss');
  const inputs = g.input('inputs', 'float64', ['m', 'n']);
  const weights = g.input('weights', 'float64', [classes, 'm']);
  const targets = g.input('targets', 'float64', ['n', classes]);
  const shares = g.input('shares', 'float64', [1, 'n']);
  const turned = (value: Value): Value => g.node('Transpose', [value]);

  const logs = g.node('LogSoftmax', [turned(g.node('MatMul', [weights, inputs]))], { axis: 1 });
  const right = g.node('ReduceSum', [g.node('Mul', [logs, targets]), g.ints([1], [1])], { keepdims: 0 });
  const total = g.node('ReduceSum', [g.node('Mul', [right, shares])], { keepdims: 0 });
  g.output('loss', g.node('Neg', [total]), 'float64', []);

  const contrasts = contrastsBetween(classes);
  const parts = g.doubles(
    [classes - 1, classes],
    contrasts.flatMap((contrast) => [...contrast]),
  );
  const probabilities = g.node('Exp', [logs]);
  const excess = g.node('Mul', [turned(g.node('Sub', [probabilities, targets])), shares]);
  const errors = g.node('MatMul', [parts, excess]);
  g.output('errors', g.node('Cast', [errors], { to: 1 }), 'float32', [classes - 1, 'n']);
  const columns = turned(inputs);
  g.output('slopes', g.node('MatMul', [errors, columns]), 'float64', [classes - 1, 'm']);

  // The covariance of two contrasts, Σ p·q·(difference of one)·(difference of the other) over pairs of labels: no sum of
  // these cancels out, however small it is.
  const labels = pairsOf(classes, 1);
  const byLabel = turned(probabilities);
  const of = (side: 0 | 1): Value =>
    g.node(
      'Gather',
      [
        byLabel,
        g.ints(
          [labels.length],
          labels.map((pair) => pair[side]),
        ),
      ],
      { axis: 0 },
    );
  const pairs = contrastPairs(contrasts.length);
  const differences = pairs.flatMap(([a, b]) =>
    labels.map(([p, q]) => (contrasts[a]![p]! - contrasts[a]![q]!) * (contrasts[b]![p]! - contrasts[b]![q]!)),
  );
  const both = g.node('Mul', [g.node('Mul', [of(0), of(1)]), shares]);
  const curved = g.node('MatMul', [g.doubles([pairs.length, labels.length], differences), both]);
  const weighed = g.node('Mul', [g.node('Unsqueeze', [curved, g.ints([1], [1])]), inputs]);
  g.output('curvature', g.node('MatMul', [weighed, columns]), 'float64', [pairs.length, 'm', 'm']);
  return g.toBytes();
}

/**
 * The slope of the loss in the weights of one contrast: `values` [n, size], `mean` and `scale` [1, size] of the standard
 * inputs; `errors` [1, n]; `directions` [m, size] and `held` [1, m], how strongly each is held back. Gives `slope`
 * [1, size] and `steepest` [], its largest part.
 */
export function slopeGraph(): Uint8Array {
  const g = new GraphWriter('subspace-slope');
  const { values, mean, scale } = standardIn(g);
  const errors = g.input('errors', 'float32', [1, 'n']);
  const directions = g.input('directions', 'float32', ['m', 'size']);
  const held = g.input('held', 'float32', [1, 'm']);
  const sum = g.node('ReduceSum', [errors, g.ints([1], [1])]);
  const off = g.node('Sub', [g.node('MatMul', [errors, values]), g.node('Mul', [mean, sum])]);
  const slope = g.node('Add', [g.node('Mul', [off, scale]), g.node('MatMul', [held, directions])]);
  g.output('slope', slope, 'float32', [1, 'size']);
  g.output('steepest', g.node('ReduceMax', [g.node('Abs', [slope])], { keepdims: 0 }), 'float32', []);
  return g.toBytes();
}

/**
 * A new direction: `values`, `mean`, `scale` and `directions` as above, and `vector` [1, size]. Gives `unit` [1, size],
 * what of the vector stands at right angles to the directions, of length 1; `fresh` [1, 1], how much of the vector that
 * is; and `input` [n, 1], what it adds to the logits of the examples.
 */
export function directionGraph(): Uint8Array {
  const g = new GraphWriter('subspace-direction');
  const { values, mean, scale } = standardIn(g);
  const directions = g.input('directions', 'float32', ['m', 'size']);
  const vector = g.input('vector', 'float32', [1, 'size']);
  const rest = (of: Value): Value =>
    g.node('Sub', [of, g.node('MatMul', [g.node('Gemm', [of, directions], { transB: 1 }), directions])]);
  const length = (of: Value): Value => g.node('ReduceL2', [of], { axes: [1] });
  // Twice: rounding leaves some of the directions that are there.
  const left = rest(rest(vector));
  const unit = g.node('Div', [left, length(left)]);
  const weights = g.node('Mul', [unit, scale]);
  const middle = g.node('ReduceSum', [g.node('Mul', [weights, mean]), g.ints([1], [1])]);
  // Not transposed: a product that ONNX Runtime would join with that takes three times as long.
  const column = g.node('Reshape', [weights, g.ints([2], [-1, 1])]);
  const logits = g.node('MatMul', [values, column]);
  g.output('unit', unit, 'float32', [1, 'size']);
  g.output('fresh', g.node('Div', [length(left), length(vector)]), 'float32', [1, 1]);
  g.output('input', g.node('Sub', [logits, middle]), 'float32', ['n', 1]);
  return g.toBytes();
}

function standardIn(g: GraphWriter): Readonly<Record<'values' | 'mean' | 'scale', Value>> {
  return {
    values: g.input('values', 'float32', ['n', 'size']),
    mean: g.input('mean', 'float32', [1, 'size']),
    scale: g.input('scale', 'float32', [1, 'size']),
  };
}
