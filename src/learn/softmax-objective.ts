/**
 * The loss of a softmax layer as L-BFGS asks for it, in ONNX graphs: the products of large matrices, where a fit
 * spends its time, then run as fast as the processor can. A step needs two of them, however long its line is
 * searched: one carries the direction to the logits, one carries the errors back to a gradient.
 */

import type { Computation, NumberArray, OpenComputation, Values } from '../models/graph/computation.ts';
import { GraphWriter, type Value } from '../models/graph/writer.ts';
import type { Objective } from './lbfgs.ts';

export interface SoftmaxExamples {
  /** [n, size], row-major */
  readonly inputs: Float32Array;
  readonly labels: readonly number[];
  /** How much of the loss each example is, together 1. */
  readonly shares: Float32Array;
}

export interface SoftmaxObjective {
  /**
   * The cross-entropy in nats + ½·l2·|weights|². Its parameters are the weights, [size, classes], then the bias,
   * [classes], which is not held back.
   */
  heldBackBy(l2: number): Objective;
  close(): Promise<void>;
}

export async function openSoftmaxObjective(
  examples: SoftmaxExamples,
  classes: number,
  open: OpenComputation,
): Promise<SoftmaxObjective> {
  const size = examples.inputs.length / examples.labels.length;
  const layer = await openLayer(examples, size, classes, open);
  const count = size * classes;
  return {
    heldBackBy(l2) {
      let at = new Float64Array();
      let logits: NumberArray;

      /** Goes so many times the change further. */
      async function arrive(change: NumberArray, length: number): Promise<Float64Array> {
        const { moved, weightsGradient, biasGradient } = await layer.gradient({ logits, change, length });
        logits = moved!;
        const gradient = new Float64Array(at.length);
        gradient.set(weightsGradient!.data as Float32Array);
        gradient.set(biasGradient!.data as Float32Array, count);
        for (let i = 0; i < count; i++) gradient[i]! += l2 * at[i]!;
        return gradient;
      }

      return {
        async begin(start) {
          at = Float64Array.from(start);
          logits = await layer.logits(at);
          const { loss } = await layer.loss({ logits, change: logits, length: 0 });
          const value = Number(loss!.data[0]) + 0.5 * l2 * dot(at, at, count);
          return { value, gradient: await arrive(logits, 0) };
        },
        async line(direction) {
          const change = await layer.logits(direction);
          const square = dot(at, at, count);
          const product = dot(at, direction, count);
          const squareOfDirection = dot(direction, direction, count);
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
  /** @param parameters the weights, then the bias */
  logits(parameters: Float64Array): Promise<NumberArray>;
  loss(place: Place): Promise<Values>;
  gradient(place: Place): Promise<Values>;
  close(): Promise<void>;
}

/**
 * Multiplications in one product, some milliseconds of one core. Below, a second core saves less than it costs to
 * wait for it, much less where other programs keep it busy.
 */
const workToShare = 1e8;

async function openLayer(
  { inputs, labels, shares }: SoftmaxExamples,
  size: number,
  classes: number,
  open: OpenComputation,
): Promise<Layer> {
  const n = labels.length;
  const given = { inputs: { shape: [n, size], data: inputs } };
  const examples = {
    labels: { shape: [n, 1], data: BigInt64Array.from(labels, BigInt) },
    shares: { shape: [n, 1], data: shares },
  };
  const graphs = [logitsGraph(size, classes), lossGraph(classes), gradientGraph(size, classes)];
  const threads = inputs.length * classes < workToShare ? 1 : undefined;
  const [toLogits, toLoss, toGradient] = (await Promise.all(graphs.map((graph) => open(graph, threads)))) as [
    Computation,
    Computation,
    Computation,
  ];
  return {
    async logits(parameters) {
      const values = new Float32Array(parameters);
      const weights = { shape: [size, classes], data: values.subarray(0, size * classes) };
      const bias = { shape: [classes], data: values.subarray(size * classes) };
      return (await toLogits.run({ ...given, weights, bias }))['logits']!;
    },
    loss: (place) => toLoss.run({ ...examples, ...valuesOf(place) }),
    gradient: (place) => toGradient.run({ ...given, ...examples, ...valuesOf(place) }),
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
  g.output('logits', g.node('Gemm', [inputs, weights, bias]), 'float32', ['n', classes]);
  return g.toBytes();
}

/**
 * A place (`logits` and `change` [n, classes], `length` [1]) and examples (`labels` int64 [n, 1], `shares` [n, 1])
 * to `loss` [], the cross-entropy in nats, and `slope` [], what it grows by along the change.
 */
function lossGraph(classes: number): Uint8Array {
  const g = new GraphWriter('softmax-loss');
  const { change, labels, shares, moved } = placeIn(g, classes);
  const probabilities = g.node('Softmax', [moved], { axis: 1 });
  const ofRight = (values: Value): Value => g.node('GatherElements', [values, labels], { axis: 1 });
  const total = (values: Value): Value =>
    g.node('ReduceSum', [g.node('Mul', [values, shares])], { keepdims: 0 });
  // A probability too small for single precision counts as the smallest there is; the slope is right all the same.
  const logs = g.node('Log', [g.node('Max', [ofRight(probabilities), g.floats([1], [1e-37])])]);
  const growth = g.node('ReduceSum', [g.node('Mul', [probabilities, change]), g.ints([1], [1])]);
  g.output('loss', g.node('Neg', [total(logs)]), 'float32', []);
  g.output('slope', total(g.node('Sub', [growth, ofRight(change)])), 'float32', []);
  return g.toBytes();
}

/**
 * The same and `inputs` [n, size] to `moved`, the logits at the place, and to the gradient of the loss there:
 * `weightsGradient` [size, classes], `biasGradient` [classes].
 */
function gradientGraph(size: number, classes: number): Uint8Array {
  const g = new GraphWriter('softmax-gradient');
  const inputs = g.input('inputs', 'float32', ['n', size]);
  const { labels, shares, moved } = placeIn(g, classes);
  const excess = g.node('Mul', [g.node('Softmax', [moved], { axis: 1 }), shares]);
  const own = g.node('Sub', [g.node('GatherElements', [excess, labels], { axis: 1 }), shares]);
  const error = g.node('ScatterElements', [excess, labels, own], { axis: 1 });
  const weightsGradient = g.node('Gemm', [inputs, error], { transA: 1 });
  const biasGradient = g.node('ReduceSum', [error, g.ints([1], [0])], { keepdims: 0 });
  g.output('moved', moved, 'float32', ['n', classes]);
  g.output('weightsGradient', weightsGradient, 'float32', [size, classes]);
  g.output('biasGradient', biasGradient, 'float32', [classes]);
  return g.toBytes();
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

/** Of the first `count` numbers. */
function dot(a: Float64Array, b: Float64Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += a[i]! * b[i]!;
  return sum;
}
