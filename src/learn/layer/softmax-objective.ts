/**
 * The loss of a softmax layer as L-BFGS asks for it, in ONNX graphs: the products of large matrices, where a fit
 * spends its time, then run as fast as the processor can. A step needs two of them, however long its line is
 * searched: one carries the direction to the logits, one carries the errors back to a gradient.
 */

import type { Computation, NumberArray, OpenComputation, Values } from '../../models/graph/computation.ts';
import { GraphWriter, type Value } from '../../models/graph/writer.ts';
import { dot } from './columns.ts';
import type { Objective } from './lbfgs.ts';
import { type StandardInputs, slopesOfStandard, weightsAsGiven } from './standard-inputs.ts';

export interface SoftmaxExamples {
  readonly inputs: StandardInputs;
  readonly labels: readonly number[];
  /** How much of the loss each example is, together 1. */
  readonly shares: Float32Array;
}

/**
 * The input whose weights are the bias. Nothing holds a bias back, and the loss curves little along it: on a constant
 * of 1 it would crawl to its place while all else stands still. On 8 a fit takes half as many steps; 7 to 14 do alike.
 */
export const constant = 8;

export interface SoftmaxObjective {
  /**
   * The cross-entropy in nats + ½·l2·|weights|². Its parameters are the weights of the standard inputs and of the
   * constant, [size + 1, classes]; those of the constant, the last `classes` of them, are not held back.
   */
  heldBackBy(l2: number): Objective;
  close(): Promise<void>;
}

export async function openSoftmaxObjective(
  examples: SoftmaxExamples,
  classes: number,
  open: OpenComputation,
): Promise<SoftmaxObjective> {
  const layer = await openLayer(examples, classes, open);
  const held = examples.inputs.size * classes;
  const heldBack = (parameters: Float64Array): Float64Array => parameters.subarray(0, held);
  return {
    heldBackBy(l2) {
      let at = new Float64Array();
      let logits: NumberArray;

      /** Goes so many times the change further. */
      async function arrive(change: NumberArray, length: number): Promise<Float64Array> {
        const { moved, gradient } = await layer.gradient({ logits, change, length });
        logits = moved;
        const weights = heldBack(at);
        for (let i = 0; i < weights.length; i++) gradient[i]! += l2 * weights[i]!;
        return gradient;
      }

      return {
        async begin(start) {
          at = Float64Array.from(start);
          logits = await layer.logits(at);
          const { loss } = await layer.loss({ logits, change: logits, length: 0 });
          const value = Number(loss!.data[0]) + 0.5 * l2 * dot(heldBack(at), heldBack(at));
          return { value, gradient: await arrive(logits, 0) };
        },
        async line(direction) {
          const change = await layer.logits(direction);
          const [weights, towards] = [heldBack(at), heldBack(direction)];
          const square = dot(weights, weights);
          const product = dot(weights, towards);
          const squareOfDirection = dot(towards, towards);
          return {
            async look(length) {
              const { loss, slope } = await layer.loss({ logits, change, length });
              const grown = 2 * product + length * squareOfDirection;
              return {
                value: Number(loss!.data[0]) + 0.5 * l2 * (square + length * grown),
                slope: Number(slope!.data[0]) + l2 * (product + length * squareOfDirection),
              };
            },
            async arrive(length) {
              for (let i = 0; i < at.length; i++) at[i]! += length * direction[i]!;
              return arrive(change, length);
            },
          };
        },
      };
    },
    close: () => layer.close(),
  };
}

/** Logits, and what they change by along a line: looked at so many times the change further. */
interface Place {
  readonly logits: NumberArray;
  readonly change: NumberArray;
  readonly length: number;
}

interface Layer {
  logits(parameters: Float64Array): Promise<NumberArray>;
  loss(place: Place): Promise<Values>;
  /** The logits at the place, and the slopes of the cross-entropy in the parameters. */
  gradient(place: Place): Promise<{ readonly moved: NumberArray; readonly gradient: Float64Array }>;
  close(): Promise<void>;
}

/**
 * Multiplications in one product, some milliseconds of one core. Below, a second core saves less than it costs to
 * wait for it, much less where other programs keep it busy.
 */
const workToShare = 1e8;

async function openLayer(
  { inputs, labels, shares }: SoftmaxExamples,
  classes: number,
  open: OpenComputation,
): Promise<Layer> {
  const { examples: n, size, values } = inputs;
  const given = { inputs: { shape: [n, size], data: values } };
  const examples = {
    labels: { shape: [n, 1], data: BigInt64Array.from(labels, BigInt) },
    shares: { shape: [n, 1], data: shares },
  };
  const graphs = [logitsGraph(size, classes), lossGraph(classes), gradientGraph(size, classes)];
  const options = values.length * classes < workToShare ? { threads: 1 } : {};
  const [toLogits, toLoss, toGradient] = (await Promise.all(graphs.map((graph) => open(graph, options)))) as [
    Computation,
    Computation,
    Computation,
  ];
  return {
    async logits(parameters) {
      const { weights, bias } = weightsAsGiven(parameters, inputs, constant);
      const layer = {
        weights: { shape: [size, classes], data: weights },
        bias: { shape: [classes], data: bias },
      };
      return (await toLogits.run({ ...given, ...layer }))['logits']!;
    },
    loss: (place) => toLoss.run({ ...examples, ...valuesOf(place) }),
    async gradient(place) {
      const { moved, slopes, sums } = await toGradient.run({ ...given, ...examples, ...valuesOf(place) });
      const gradient = slopesOfStandard(
        slopes!.data as Float32Array,
        sums!.data as Float32Array,
        inputs,
        constant,
      );
      return { moved: moved!, gradient };
    },
    async close() {
      for (const one of [toLogits, toLoss, toGradient]) await one.close();
    },
  };
}

function valuesOf({ logits, change, length }: Place): Values {
  return { logits, change, length: { shape: [1], data: Float32Array.of(length) } };
}

/** `inputs` [n, size], `weights` [size, classes] and `bias` [classes] to `logits` [n, classes]. */
function logitsGraph(size: number, classes: number): Uint8Array {
  const g = new GraphWriter('softmax-logits');
  const inputs = g.input('inputs', 'float32', ['n', size]);
  const weights = g.input('weights', 'float32', [size, classes]);
  const bias = g.input('bias', 'float32', [classes]);
  const logits = g.node('Add', [g.node('MatMul', [inputs, weights]), bias]);
  g.output('logits', logits, 'float32', ['n', classes]);
  return g.toBytes();
}

/**
 * A place (`logits` and `change` [n, classes], `length` [1]) and examples (`labels` int64 [n, 1], `shares` [n, 1])
 * to `loss` [], the cross-entropy in nats, and `slope` [], what it grows by along the change.
 */
function lossGraph(classes: number): Uint8Array {
  const g = new GraphWriter('softmax-loss');
  const { change, labels, shares, moved } = placeIn(g, classes);
  const { right, wrong, others } = rightAndWrong(g, moved, labels);
  const total = (values: Value): Value =>
    g.node('ReduceSum', [g.node('Mul', [values, shares])], { keepdims: 0 });
  // A probability too small for single precision counts as the smallest there is; the slope is right all the same.
  const log = (values: Value): Value => g.node('Log', [g.node('Max', [values, g.floats([1], [1e-37])])]);
  // −log(right) = log(1 + wrong / right), which is exact also where `right` rounds to 1.
  g.output('loss', total(g.node('Softplus', [g.node('Sub', [log(wrong), log(right)])])), 'float32', []);
  const growth = g.node('ReduceSum', [g.node('Mul', [others, change]), g.ints([1], [1])]);
  const ofRight = g.node('GatherElements', [change, labels], { axis: 1 });
  g.output('slope', total(g.node('Sub', [growth, g.node('Mul', [wrong, ofRight])])), 'float32', []);
  return g.toBytes();
}

/**
 * The same and `inputs` [n, size] to `moved`, the logits at the place, to `slopes` [size, classes], the gradient of the
 * cross-entropy in the weights there, and to `sums` [classes], the one in the bias.
 */
function gradientGraph(size: number, classes: number): Uint8Array {
  const g = new GraphWriter('softmax-gradient');
  const inputs = g.input('inputs', 'float32', ['n', size]);
  const { labels, shares, moved } = placeIn(g, classes);
  const { wrong, others } = rightAndWrong(g, moved, labels);
  const excess = g.node('ScatterElements', [others, labels, g.node('Neg', [wrong])], { axis: 1 });
  // Turned here, and not in the product: to turn the many inputs takes longer than to multiply them.
  const error = g.node('Mul', [
    g.node('Transpose', [excess]),
    g.node('Reshape', [shares, g.ints([2], [1, -1])]),
  ]);
  g.output('moved', moved, 'float32', ['n', classes]);
  g.output('sums', g.node('ReduceSum', [error, g.ints([1], [1])], { keepdims: 0 }), 'float32', [classes]);
  g.output('slopes', g.node('Transpose', [g.node('MatMul', [error, inputs])]), 'float32', [size, classes]);
  return g.toBytes();
}

/**
 * The probability of the right label, [n, 1], those of the `others`, [n, classes] with 0 for the right one, and their
 * sum, `wrong` [n, 1]: near the end of a fit it is small, and 1 - `right` would be mostly rounding.
 */
function rightAndWrong(
  g: GraphWriter,
  logits: Value,
  labels: Value,
): Readonly<Record<'right' | 'wrong' | 'others', Value>> {
  const probabilities = g.node('Softmax', [logits], { axis: 1 });
  const right = g.node('GatherElements', [probabilities, labels], { axis: 1 });
  const none = g.node('Sub', [right, right]);
  const others = g.node('ScatterElements', [probabilities, labels, none], { axis: 1 });
  return { right, wrong: g.node('ReduceSum', [others, g.ints([1], [1])]), others };
}

function placeIn(
  g: GraphWriter,
  classes: number,
): Readonly<Record<'change' | 'labels' | 'shares' | 'moved', Value>> {
  const logits = g.input('logits', 'float32', ['n', classes]);
  const change = g.input('change', 'float32', ['n', classes]);
  const length = g.input('length', 'float32', [1]);
  const labels = g.input('labels', 'int64', ['n', 1]);
  const shares = g.input('shares', 'float32', ['n', 1]);
  const moved = g.node('Add', [logits, g.node('Mul', [change, length])]);
  return { change, labels, shares, moved };
}
